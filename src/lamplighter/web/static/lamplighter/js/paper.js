// Paper without the shell: its only act is to print.
document.querySelector("[data-print]")?.addEventListener("click", () => print());
