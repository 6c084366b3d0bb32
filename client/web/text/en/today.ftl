### Today: what is to be done in its order, when to call, what to say.

today-ways = Start working
new-walk-in = New walk-in
consultant = Design consultant
all-consultants = All consultants
today-nothing-due = Everything for today is done
today-nothing-due-advice = Look at the coming week, or open a customer and plan a next step.
today-done = { $count ->
        [one] { $count } customer contacted today
       *[other] { $count } customers contacted today
    }
agenda-in_store = In the store today
agenda-appointments = Appointments in store and at home
agenda-follow_ups_a = Follow-ups, class A
agenda-contacts = Contacts, classes B and C
agenda-prospecting = Birthdays and not seen for long
agenda-unknown = Other ({ $code })

## Standards
standard-calls-a = Calls to A today
standard-contacts-bc = Contacts with B and C this week
standard-visits = Visits today
standard-new-cards = New cards this week

## Why now
why-first-visit = First visit today: a word of thanks before the day ends
why-first-visit-late = { $days ->
        [one] First visit yesterday, not thanked yet
       *[other] First visit { $days } days ago, not thanked yet
    }
why-birthday = Birthday today: greet, no selling
why-birthday-late = { $days ->
        [one] Birthday was yesterday, not greeted yet
       *[other] Birthday was { $days } days ago, not greeted yet
    }
why-birthday-lunar = Lunar birthday today: greet, no selling
why-birthday-lunar-late = { $days ->
        [one] Lunar birthday was yesterday, not greeted yet
       *[other] Lunar birthday was { $days } days ago, not greeted yet
    }
why-review-a = { $days ->
        [one] Class A without a next step, 1 day without contact
       *[other] Class A without a next step, { $days } days without contact
    }
why-weekly-b = { $days ->
        [one] Class B, contacted weekly: 1 day ago
       *[other] Class B, contacted weekly: { $days } days ago
    }
why-monthly-c = { $days ->
        [one] Class C, contacted monthly: 1 day ago
       *[other] Class C, contacted monthly: { $days } days ago
    }
why-quiet = { $days ->
        [one] No contact for 1 day
       *[other] No contact for { $days } days
    }
why-quiet-main = { $days ->
        [one] Main customer, no contact for 1 day
       *[other] Main customer, no contact for { $days } days
    }
why-after-purchase = { $days ->
        [one] Day 1 after the purchase: how is { $product }?
       *[other] Day { $days } after the purchase: how is { $product }?
    }
why-family-birthday = { $days ->
        [0] Birthday of { $name } today
        [one] Birthday of { $name } was yesterday
       *[other] Birthday of { $name } was { $days } days ago
    }
why-lunar = {" "}(lunar)
why-issue-open = Issue without a promise: { $what }
why-issue-promised = Promise is due: { $what }
why-issue-solved = Solved: ask whether they are content ({ $what })
why-issue-dissatisfied = Not content: { $what }
why-warranty = Warranty of { $product } ends { $day }
why-replacement = { $product } may be due for replacement
why-expected = Purchase expected { $day }, nothing planned
kept-leap_day = {" "}(no 29 February this year: kept on the 28th)
kept-short_month = {" "}(this lunar month has no day 30: kept on day 29)
kept-no_leap_month = {" "}(no such leap month this year: kept in the ordinary month)
kept-unknown = {" "}({ $code })
promised-step = Promised: { $what } ({ $day })
promised-note = Last time: { $note }

## When to call
call-level-best = Best time
call-level-fine = Fine to call
call-level-better_not = Better not now
call-level-no = Do not call now
call-level-unknown = { $code }
call-reason-preferred = the customer’s own time
call-reason-not_preferred = not the time the customer asked for
call-reason-occupation = good for this occupation
call-reason-not_occupation = bad for this occupation
call-reason-too_early = too early
call-reason-preparing = time to prepare
call-reason-morning = the best hour of the morning
call-reason-late_morning = just before midday
call-reason-midday = midday rest
call-reason-not_for_business = just back at work, not for business
call-reason-afternoon = afternoon
call-reason-evening = the evening is the customer’s own
call-reason-too_late = too late
call-reason-monday = avoid Mondays; if necessary, the afternoon
call-reason-friday = Fridays are for confirming
call-reason-unknown = { $code }
call-for-occupation = good for { $occupation }
call-not-for-occupation = not now for { $occupation }
call-until = until { $time }
call-next = next good time { $time }
call-preferred = Prefers: { $words }
occupation-accountant = accountants (mid-month)
occupation-pharmacist = pharmacists
occupation-doctor = doctors (rainy days too)
occupation-stock_trader = stock traders (after the close)
occupation-banker = bankers
occupation-civil_servant = civil servants
occupation-artist = artists
occupation-restaurateur = restaurateurs
occupation-builder = builders
occupation-lawyer = lawyers
occupation-teacher = teachers
occupation-retailer = shopkeepers
occupation-journalist = journalists
occupation-homemaker = homemakers
occupation-administrator = administrators
occupation-salesperson = sales people
occupation-merchant = merchants
occupation-employee = employees
occupation-unknown = { $code }

## Actions
reach-call = Call
reach-message = Message
reach-mail = Mail
reach-wechat = Copy WeChat
reach-card = Look at card
message-name = Message { $name }
mail-name = Mail { $name }
wechat-name = Copy WeChat of { $name }
wechat-copied = Copied { $wechat }
call-by-code = Call { $name } by scanning with a phone
call-by-code-hint = Point a phone’s camera at it, and the phone dials.
work-done = Done
not-now-of = Not now: another day for { $name }
put-off-title = Put off until when?
put-off-to = Until
put-off = Put off
script = What to say
script-thank_you =
    Greet by name, say who you are and from which store
    Thank them for the visit, name one thing they liked
    Say when what you promised will arrive
script-birthday =
    Greet by name, say who you are and from which store
    Wish a happy birthday, ask how they are
    No products, no events
script-care =
    Greet by name, say who you are and from which store
    Ask about the design, the order or the furniture
    Advise; give a day for whatever you promise
script-keep_in_touch =
    Greet by name, say who you are and from which store
    Ask whether home or plans have changed
    Tell one new thing that fits this customer
    Agree on when to talk again
script-follow_up =
    Greet by name, say who you are, ask whether it suits now
    Go on where you stopped last time
    Ask what still holds them back; invite, or offer a visit
    Agree on the next step and its day
script-store_visit =
    Confirm the time and who comes along
    Prepare samples, quotation and the last notes
    Agree on the next step before they leave
script-home_visit =
    Confirm address, time and lift
    Take tape measure, fabric book and papers
    Measure, take pictures, agree on the next step
script-after_purchase =
    Greet by name, say who you are and from which store
    Ask how the furniture is and how it is used
    Give the care tips for its material, take suggestions
    A complaint: apologise, promise a day, note it as an issue
script-occasion =
    Greet by name, say who you are and from which store
    Wish a happy holiday, or tell of the event for members
    Invite, name the day; a refusal: ask why and thank them
script-promotion =
    Greet by name, say who you are and from which store
    Say what of the promotion fits what they looked at
    Name the days and what is in stock; agree on a visit
script-service =
    Apologise first, listen to the end
    Repeat what went wrong; promise who does what until when
    Afterwards ask whether they are content
script-upkeep =
    Greet by name, say who you are and from which store
    Ask how the piece is; before the warranty ends, offer a check
    Tell what would go with it, or replace it
script-referral =
    Thank them for their trust
    Ask who of their friends or neighbours is furnishing
    Say what you will do for whom they send
script-unknown = { $code }

## The week
week-title = Coming week
week-nothing = Nothing planned
week-rest = And { $count } more
week-birthday = Birthday

## Settings
setting-work = Standards and cadence
setting-standards = Least of each consultant (0 asks for nothing)
setting-cadence = How often to be in touch, in days
setting-calling = Hours of calling
setting-daily-calls = Calls to A a day
setting-weekly-contacts = Contacts with B and C a week
setting-daily-visits = Visits a day
setting-weekly-cards = New cards a week
setting-a-days = Look at A again after
setting-b-days = Look at and contact B after
setting-c-days = Between contacts with C
setting-quiet-days = Not seen for long after
setting-birthday-days = Birthdays stay for
setting-thanks-days = Thanks stay for
setting-number-hint = { $usual } by default, { $least } to { $most }.
setting-hour-hint = { $usual } by default.
setting-preparing-from = Preparing from
setting-best-from = Best hour from
setting-best-until = Best hour until
setting-midday-from = Midday rest from
setting-midday-until = Midday rest until
setting-business-from = Business from
setting-business-until = Working day until
setting-evening-until = No calls after
error-invalid_standards = A standard can’t be above 500.
error-invalid_cadence = A number of days is out of its bounds.
error-invalid_calling_hours = The hours of calling must follow one another.
error-invalid_class_rules = A number of the class rules is out of its bounds.
error-invalid_quality_rules = A number of card quality is out of its bounds.
error-invalid_dealing_rules = Amounts must grow from one step to the next.
