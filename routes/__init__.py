"""Plain HTTP beside the pages: sign-in, downloads, evidence, health."""
