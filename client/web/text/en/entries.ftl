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
