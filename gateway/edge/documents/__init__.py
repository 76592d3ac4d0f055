"""From a text to a document that may be planned: parsed, judged for what it may cost, valid."""
