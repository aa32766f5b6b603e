"""What a template may say, how it becomes words, and which delivery step may follow which. Pure."""
