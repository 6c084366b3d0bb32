# The history of a card, values that were replaced, conflicts, undo
undo = Undo
history = History
history-empty = Nothing happened yet
history-undo = Undo this change
history-more = Show earlier changes
history-left-out = { $count } older changes are on the card and not listed here.
history-bring-back = Bring back “{ $value }”
history-remarks = edited
history-contact = Contact
history-moved = “{ $what }” moved
history-step = “{ $what }”
history-reopened = “{ $what }” is planned again
history-handover = Handed over
history-class-kept = Class kept
history-put-off = Put off until
history-other = Something that a newer version of the app shows
replaced-value = Your { $place } “{ $mine }” is now “{ $value }”.
replaced-keep = Keep it so
replaced-take-back = Take mine back
replaced-take-back-value = Take mine back: “{ $value }”
conflicts = Conflicts
conflicts-open = Conflicts ({ $count })
conflicts-none = No conflicts
conflicts-none-advice = When two tablets write different values in the same place, the card stands here until somebody chooses.
conflicts-count = { $cards ->
    [one] { $cards } card
   *[other] { $cards } cards
    }, { $places ->
    [one] { $places } place
   *[other] { $places } places
    } with two values
wanted-reopen = Plan the next step again
problem-undo_unknown = This change is no longer here to be taken back.
problem-undo_kind = This can’t be taken back. A logged contact stays; write what was wrong into the next one.
problem-undo_changed_since = Something of it was changed since, so it is not taken back. The history shows what.
