"""What did the agency send, and which rows can we use?

`read` turns bytes into sheets of text, `headers` finds the columns, `harvest` takes the rows out,
`typed` gives every cell its type and says what is wrong, `annotate` writes the agency's file back
with the findings beside the rows. `take` in `intake.take` does all of it for one file.
"""
