### Receptions: who is in the store now, the nine steps of the showroom, logging the visit.

reception-begin = In the store now
reception-since = In the store since { $time }
reception-steps = The nine steps
reception-log = Log the visit
reception-log-with = Log the visit of { $name }
reception-left = Left
reception-left-of = Left: { $name }
script-reception =
    Attract: a word of welcome, let them look around
    Receive: say who you are, offer a seat and a drink
    Needs: who, when, what, where, why, how
    Present: what fits their needs, and why it does
    Try: let them sit, touch, open
    Objections: listen to the end, understand, answer
    Quote and close: name the whole price, ask for the order
    Hand over: agree on delivery, fitting and payment
    Keep in touch: agree on the next step and its day

## A new card
visit-now = In the store now
visit-later = Before they leave, log the visit with what was said and the next step: at the top of Today, or on the card.

## History
history-reception = In the store
