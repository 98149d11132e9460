"""The generator of the bindings: headers to model (reader), model to files (emit)."""
