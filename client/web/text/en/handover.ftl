# Handing customers over
handover = Hand over
handover-card = Hand over
handover-title-one = Hand this customer over
handover-title-some = Hand { $count } customers over
handover-title-all = Hand all customers of { $name } over
handover-to = To whom
handover-until = For how long
handover-cards = { $count ->
        [one] { $count } card
       *[other] { $count } cards
    }
handover-note = A word for the colleague
handover-note-hint = It stands on the card. May be left empty.
handover-do = Hand over
handover-missing-to = Choose to whom
handover-missing-until = Choose for how long
handover-day-past = That day is over
handover-nobody = There is no other consultant in this store
handover-nobody-advice = Give a colleague a consultant's post under “People” first.
handover-good-moves = The cards become the colleague's and appear on their tablets; they go from { $name }'s. What { $name } has not sent yet is delivered first and credited to them.
handover-good-stays = The card goes on showing who was responsible when.
handover-cover-both = Meanwhile the colleague can read and write. { $name } stays responsible and can write as well.
handover-cover-ends = It ends by itself at the end of { $day }; the cards then go from the colleague's tablets.
until-good = For good
until-day = Until (that day included)
until-days-3 = Three days
until-week = A week
until-weeks-2 = Two weeks
handovers = Handovers
handovers-empty = No handover is under way
handovers-empty-advice = Select customers in the list, or hand all customers of a colleague over under “People”.
handovers-count = { $count } under way
handovers-line = { $from } → { $to }
handovers-all = All customers
handovers-some = { $count ->
        [one] { $count } customer
       *[other] { $count } customers
    }
handovers-until = Until { $day }
handovers-good = For good
handovers-by = By { $name }, { $at }
handovers-by-nobody = By the command line, { $at }
handovers-end = End now
handovers-end-title = End this cover now?
handovers-end-explained = The cards go back to { $name } at once and go from the tablets of { $other }, after unsent work was delivered.
stage-moving = On its way
stage-covering = Looked after
stage-returning = On its way back
stage-done = Done
stage-unknown = { $code }
select-customers = Select
select-all = Select all { $count }
select-none = Select none
select-count = { $count } selected
select-hand-over = Hand over
select-mixed = The selected customers belong to different consultants. Please select those of one at a time.
select-this = Select { $name }
handover-event-good = Handed over from { $from } to { $to }
handover-event-cover = { $to } looks after them for { $from } until { $day }
handover-event-back = Cover over, { $to } goes on
person-customers = Customers
person-cards = { $count ->
        [one] { $count } card is theirs.
       *[other] { $count } cards are theirs.
    }
person-cards-unknown = Your posts show you no customers, so the number of cards is not known here.
person-hand-over-all = Hand all customers over
