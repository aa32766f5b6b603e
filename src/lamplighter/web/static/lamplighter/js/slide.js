// A slider and the number beside it say the same: each names the other in `data-slide`.
document.addEventListener("input", event => {
  const other = document.getElementById(event.target.dataset.slide);
  if (other) other.value = event.target.value;
});
