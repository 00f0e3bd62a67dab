"""Finding children by name without keeping a name: how names sound, what of them is kept, and the index of that."""
