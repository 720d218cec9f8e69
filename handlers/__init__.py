"""The conversation: one module each; an update comes in, Telegram methods go out."""
