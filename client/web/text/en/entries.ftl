### The card beyond its fields: family, service, purchases, intentions, consents.

## Fields of entries
entry-name = Name
entry-relation = Relation
entry-birthday = Birthday
entry-issue = Issue
entry-gift = Gift
entry-given_on = Given on
entry-occasion = Occasion
entry-product = Product
entry-wish = What they want
entry-day = Day
entry-about = Notes
entry-promise = Promise
entry-promised_for = Promised for
entry-solution = Solution
entry-solved_on = Solved on
entry-satisfaction = Satisfaction
entry-material = Material
entry-amount = Amount
entry-delivered_on = Delivered on
entry-warranty_until = Warranty until
entry-replace_from = Likely to be replaced from
entry-expected_on = Purchase expected on
entry-money = Money
entry-authority = Decides
entry-need = Need
entry-ended = How it ended
entry-unknown = { $code }
answer-yes = Yes
answer-no = No
answer-unknown = { $code }
satisfaction-satisfied = Satisfied
satisfaction-fair = Fair
satisfaction-dissatisfied = Dissatisfied
satisfaction-unknown = { $code }
material-leather = Leather
material-fabric = Fabric
material-solid_wood = Solid wood
material-board = Board
material-sintered_stone = Sintered stone
material-marble = Marble
material-glass = Glass
material-metal = Metal
material-rattan = Rattan
material-latex = Latex
material-unknown = { $code }
issue-state-open = Nothing promised yet
issue-state-promised = Promised
issue-state-solved = Solved, ask whether they are content
issue-state-dissatisfied = Not content
issue-state-closed = Closed
issue-state-unknown = { $code }

## Consents
consent-call = Calls
consent-message = Text messages
consent-wechat = WeChat
consent-mail = E-mail
consent-home_visit = Visits at home
consent-sensitive = Keeping sensitive facts
consent-unknown = { $code }
consent-given = agreed on { $day }
consent-refused = refused on { $day }
consent-not-asked = not asked yet

## Standing
life-cycle-future = Future customer
life-cycle-new = New customer
life-cycle-old = Old customer
life-cycle-unknown = { $code }
weight-main = Main
weight-general = General
weight-scattered = Scattered
weight-unknown = { $code }
grade-plain = Regular
grade-silver = Silver
grade-gold = Gold
grade-diamond = Diamond
grade-unknown = { $code }
dealing-past = Has bought
dealing-current = Under way
dealing-upcoming = Coming up
dealing-unknown = { $code }

## What a contact is for
purpose-follow_up = Follow-up
purpose-thank_you = Thanks
purpose-birthday = Birthday call
purpose-occasion = Holiday or season call
purpose-after_purchase = After the purchase
purpose-promotion = Before a promotion
purpose-service = Service
purpose-referral = Ask for a referral
purpose-other = Other
purpose-unknown = { $code }

## The day of each kind of entry
entry-day-family = Day
entry-day-issue = Complained on
entry-day-gift = Day
entry-day-purchase = Bought on
entry-day-intention = Heard on
entry-day-unknown = { $code }

## Forms of entries
missing-field = Still missing: { $field }
amount-hint = In yuan; “3.2万” works too
amount-unread = The amount can’t be read. Please type a number, like 12800.
years-count = { $count ->
    [one] { $count } year
   *[other] { $count } years
}
in-days-count = { $count ->
    [one] in { $count } day
   *[other] in { $count } days
}
in-months-count = { $count ->
    [one] in { $count } month
   *[other] in { $count } months
}
entry-edit = Edit “{ $name }”
entry-remove = Remove “{ $name }”
section-disputed = Two values

## Parts of the card
intentions = Intentions
service = Service

## Intentions
intention-add = Add an intention
intentions-empty = No purchase intention yet
intentions-empty-advice = Note each thing they want to buy as its own; a bedroom next year is a new one, also for an old customer.
intention-expected = Expected { $day }
intention-heard = Heard { $day }
intention-end = End this intention…
intention-end-name = End this intention… “{ $name }”
intention-ended = Ended: { $how }
intention-reopen = Open again
intention-reopen-name = Open “{ $name }” again
man-money = Has the money (M)
man-authority = Decides (A)
man-need = Needs it (N)
man-unknown = { $code }
qualification-MAN = Ideal: sell.
qualification-MAn = Approachable: good technique may wake the need and win.
qualification-MaN = Approachable: find the person who decides.
qualification-mAN = Approachable: check business and credit, offer finance.
qualification-maN = Watch over the long term, until they have the money and the say.
qualification-mAn = Watch over the long term, until there are money and need.
qualification-Man = Watch over the long term, until they have the say and the need.
qualification-man = Not a customer: stop.
qualification-unknown = { $code }
qualification-none = Nothing was asked yet: is there money, who decides, is it really needed?
qualification-open = What was not asked counts as no for now.
ended-bought = Bought
ended-elsewhere = Bought elsewhere
ended-not_needed = Not needed any more
ended-budget = Budget too small
ended-postponed = Postponed
ended-unknown = { $code }

## Issues
issues = Issues and complaints
issue-add = Note an issue
issues-empty = No open issue.
issue-complaint = Complaint
issue-promise = Note a promise
issue-solve = Note the solution
issue-until = by { $day }
issue-again = They are not content: apologise again, and note a new promise and solution.

## Purchases
purchases = Purchases
purchase-add = Add a purchase
purchases-empty = No purchase noted yet.
purchases-sum = { $count ->
    [one] { $count } piece, { $amount } in all
   *[other] { $count } pieces, { $amount } in all
}
bought-on = Bought { $day }
delivered-on = Delivered { $day }
not-delivered = Not delivered
delivered-today = Delivered today
delivered-today-name = “{ $product }” was delivered today
warranty-until = Warranty until { $day }
warranty-over = Warranty ended { $day }
replace-from = Likely to be replaced from { $day }
replace-now = Time to replace (since { $day })
care-title = Care: { $material }
care-leather =
    Keep out of the sun and 30 cm away from heating.
    Dust weekly with a dry soft cloth; leather balm twice a year.
    Soak up spills at once; no alcohol, no solvents.
care-fabric =
    Vacuum weekly with a soft brush, turn the cushions.
    Dab stains with a clean white cloth from the edge inwards, never rub.
    Wash removable covers by their label; have fixed ones dry-cleaned.
care-solid_wood =
    Keep the air at 40 to 60 % humidity, away from heating and air outlets.
    Wipe along the grain with a wrung-out cloth; wax oil every quarter.
    Put mats under hot cups and pots.
care-board =
    Wipe with a damp cloth and dry the edges at once, or they swell.
    Do not overload shelves; heavy things go to the bottom.
    Lift it to move it, do not drag.
care-sintered_stone =
    Mild cleaner and a soft cloth; wipe grease the same day.
    It stands heat, but no sudden change, and no knocks on the edges.
    Do not stand on the top or drag heavy things over it.
care-marble =
    Acid stains: wipe juice, vinegar and wine at once.
    Use neutral stone cleaner; have it sealed once a year.
    Use coasters and heat mats.
care-glass =
    Glass cleaner and a lint-free cloth.
    No pots from the flame, no knocks on the edges.
    Check feet and pads twice a year.
care-metal =
    Wipe dry with a soft cloth, more often in humid weather.
    No steel wool, acid or alkali: they spoil the plating.
    Tighten the screws twice a year.
care-rattan =
    Neither strong sun nor very dry air; wipe with a damp cloth monthly.
    Clean the gaps with a soft brush or a vacuum cleaner.
    Do not stand on it or load one spot for long.
care-latex =
    No sun, no washing; air it in the shade.
    Turn head to foot every two weeks for three months, then quarterly.
    Use a bed base and a cover that breathe.
care-unknown = { $code }

## Gifts
gifts = Gifts
gift-add = Note a gift
gifts-empty = No gift was given yet.
gift-for-purchase = Thanks for a purchase
gift-for-birthday = Birthday
gift-for-moving_in = Moving in
gift-for-holiday = Holiday
gift-for-referral = Thanks for a referral
gift-for-apology = Apology
gift-for-unknown = { $code }

## Referrals
referrals = Referrals
referral-words-hint = A name is enough; choose the card if they have one.
referral-search = Find the card of who introduced them
referral-found = Cards found
referral-none-found = No such card on this tablet.
referral-take-off = Do not link this card
referral-chain = How they came to us
referral-this = this customer
referral-not-here = a card that is not on this tablet
referral-circle = The referrals go round in a circle: who introduced one of them must be wrong.
referral-brought = Customers they brought
referral-asked = Asked for a referral
referral-not-asked = Not yet; choose that purpose when you log a contact.

## Family and birthdays
family = Family
family-add = Add a member
family-empty = Nobody knows yet who lives there.
relation-spouse = Spouse
relation-son = Son
relation-daughter = Daughter
relation-father = Father
relation-mother = Mother
relation-wifes_father = Wife’s father
relation-wifes_mother = Wife’s mother
relation-husbands_father = Husband’s father
relation-husbands_mother = Husband’s mother
relation-grandchild = Grandchild
relation-unknown = { $code }
birthday-hint = Like 1985-10-30, 10-30, lunar 8-15, lunar leap 4-3
birthday-unread = No date can be read. Write 1985-10-30, 10-30 or lunar 8-15.
birthday-is = Birthday { $birthday }
birthday-solar = { $day } { $month }
birthday-lunar = day { $day } of lunar month { $month }
birthday-leap = day { $day } of lunar leap month { $month }
birthday-next = next { $day }

## Consents and refusals
consents = How they want to be contacted
consent-choice-given = Agreed
consent-choice-refused = Refused
consent-choice-not_asked = Not asked
consent-choice-unknown = { $code }
do-not-call = Do not call
do-not-message = No text messages
do-not-wechat = No WeChat
do-not-mail = No mail
do-not-home_visit = No visits at home
do-not-unknown = { $code }
do-not-call-since = The customer said on { $day } that they do not want to be called.
do-not-call-advice = Please use another way. Call only about what can’t wait, such as a delivery, and apologise first.
do-not-call-leave = Do not call
do-not-call-anyway = Call anyway
sensitive-off = Sensitive facts (identity number, health, religion, income) are off: this store’s settings do not keep them.
sensitive-ask = Sensitive facts (identity number, health, religion, income) are shown once the customer agreed to keeping them.
sensitive-hidden = (sensitive, not shown)

## Checking
unverified-count = { $count ->
    [one] { $count } fact is imported or filled in by the customer, and unverified.
   *[other] { $count } facts are imported or filled in by the customer, and unverified.
}
unverified-confirm = Confirm all
quality-missing = Basics that are missing:
route-order-unread = Please type a whole number, like 3.

## Standing
weight-label-main = Main customer
weight-label-general = General customer
weight-label-scattered = Small customer
weight-label-unknown = { $code }
loyal = Loyal: the store’s benefit applies

## Talking points
talking-points = Talking points
talk-quality =
    Let them sit, lie down and pull the drawers: frame, fittings and seams speak for themselves.
    Say how long the warranty is and how soon somebody comes.
    Show a piece after five years, or a photo from an old customer.
talk-style =
    Ask for the colours of floor, walls and curtains before pointing at anything.
    Give two sets for the room, not five.
    Let them photograph the corner they like and compare at home.
talk-price =
    First how many years it lasts, then the price of a day.
    Take the price apart: material, fittings, delivery, warranty.
    Offer a higher and a lower set before any discount; name the last day of a promotion.
talk-comfort =
    Let the whole family sit for five minutes; ask about back and feet.
    Firmness, depth and back height can be chosen: try them now.
    Have them lie on a mattress as they sleep; on the side, is the waist held?
talk-delivery =
    Ask when they move in and count back to the day of the order.
    Stock, special order, floor sample: say honestly how long each takes.
    Write down who tells them what, and when.
talk-material =
    Hand over samples: touch, look at the cut, a drop of water.
    Say plainly where it is solid wood and where it is board.
    Care in three sentences.
talk-health =
    Show grade and test report, and point at the numbers.
    For children, elders or pregnancy: water-based finish, washable covers.
    Let them open a cabinet and smell for themselves.
talk-service =
    Who delivers, touches up and repairs, and within how many days.
    Tell one true story of a problem and how it was solved.
    Leave your number, and agree on the next day to talk.
talk-brand =
    How long the store has been here, and who nearby bought.
    Show photos from a home in their own compound.
    Three strengths of the brand, nothing bad about others.
talk-unknown = { $code }
