print("segment")
