"""QR codes as pictures, and on sheets to be printed."""
