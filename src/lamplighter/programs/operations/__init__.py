"""The only writers of programs: terms, applications, enrollments, reminders and samples."""
