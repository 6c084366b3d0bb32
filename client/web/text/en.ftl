# The words of the app in English. A key of the same name stands in every other file.

# The frame
place-today = Today
place-customers = Customers
place-more = More
places = Places
skip-to-content = Skip to content
signed-in-as = Signed in as
close = Close
cancel = Cancel
save = Save
save-card = Save card
saving = Saving…
saved-here = Saved on this tablet
not-saved = Not saved. What you typed is still here.
edit = Edit
confirm = Confirm
discard = Discard
discard-sure = Really discard?
discard-draft = Discard
try-again = Try again
reload = Reload
please-wait = One moment…
suggestions = Suggestions
version = Version
update-ready = A new version is on this tablet, ready when you are.
update-now = Use it now
not-found = Nothing here
not-found-advice = The address may be wrong, or what was here has moved.

# Saving and sending
standing-attention = { $count ->
        [one] { $count } needs attention
       *[other] { $count } need attention
    }
standing-offline-since = { $count ->
        [0] Offline since { $since }
       *[other] Offline since { $since } · { $count } on this tablet
    }
standing-offline = { $count ->
        [0] Offline
       *[other] Offline · { $count } on this tablet
    }
standing-receiving = Receiving { $done }/{ $total }
standing-waiting = { $count } waiting to be sent
standing-checking = Checking with the store…
standing-in-sync = In sync, verified { $at }
standing-differing = { $count ->
    [one] { $count } card differs from the store
   *[other] { $count } cards differ from the store
}
standing-signed-out = Signed out
status-title = Saving and sending
status-connection = Connection to the store
status-waiting = Waiting to be sent
status-waiting-count = { $count ->
        [one] { $count } change
       *[other] { $count } changes
    }
status-last-saved = Last saved on this tablet
status-last-acknowledged = Last confirmed by the store
status-verified = Last compared and found equal
status-differing = { $count ->
    [one] { $count } card here holds entries that the store does not have at the moment: the store's data was restored, and the tablet that made them has not been back yet. Nothing needs to be done; they stay here.
   *[other] { $count } cards here hold entries that the store does not have at the moment: the store's data was restored, and the tablets that made them have not been back yet. Nothing needs to be done; they stay here.
}
status-aside = { $count ->
        [one] { $count } card can't be opened
       *[other] { $count } cards can't be opened
    }
keeping-title = Data kept by the browser
keeping-granted = Yes, also when space is short.
keeping-not-granted = Not promised: when space is short, the browser may delete it. Please install the app on the home screen and keep some space free.
keeping-unknown = The browser does not say. Please keep some space free.
space-title = Space on this tablet
space-used = { $used } used of { $all }
status-cards-here = Cards on this tablet
status-sign-in-needed = The store asks you to sign in again before it takes anything. Everything on this tablet is kept, and you can go on working.
status-update-needed = This version is too old for the store. Please reload; everything on this tablet is kept.
status-storage-problem = This tablet's storage has a problem
status-unreadable = { $count ->
        [one] { $count } item on this tablet can't be read. It was set aside and
       *[other] { $count } items on this tablet can't be read. They were set aside and
    } nothing else is affected. Please tell your administrator.
connection-idle = Nobody is signed in
connection-connecting = Connecting…
connection-online = Connected; everything new from the store is here
connection-catching-up = Connected, receiving
connection-offline = Not connected since { $since }, next try at { $next }
connection-sign-in = A new sign-in is needed
connection-update = An update is needed
connect-now = Test the connection
never-yet = Not yet
storage-quota = The tablet is full, so nothing new can be saved on it. Please delete photos, videos or apps that nobody needs; do not clear the browser's data. It is tried again by itself, and everything that was saved is still here.
storage-closed = The browser closed the storage. It is opened again by itself; if this stays, please reload the page.
storage-failed = Reading or writing failed. It is tried again by itself; if this stays, please reload the page and tell your administrator.
storage-unknown = The storage reported “{ $code }”. Please tell your administrator.

# Refused entries
refused-title = What the store did not take
refused-explained = Everything else goes on. Please decide about each.
refused-wanted = Wanted:
refused-why = Why not:
refused-too_large = It is too large for the store.
refused-no_change = There is no change in it that the store can take.
refused-foreign_actor = The tablet's mark does not fit the store's records.
refused-foreign_author = It was not written in the name of who is signed in.
refused-missing_changes = The store lacks what it builds on.
refused-broken_order = Its order is broken. Please try again.
refused-forbidden_write = This must not be changed that way.
refused-document_full = The card is full: the store takes nothing more into it.
refused-unreadable = The card can't be read on this tablet.
refused-document_unreadable = The store can't read this card; the others are fine. Please tell your administrator.
refused-wrong_incarnation = The card was founded anew at the store since.
refused-unknown_feed = The store does not know this customer book.
refused-no_right = You may not write here, or not any more.
refused-unknown_kind = The store does not know this kind of entry; it may need an update.
refused-changed_meanwhile = The card was changed meanwhile. Please try again.
refused-unloadable = The card could not be read afterwards, so the store did not take it.
refused-broken_reference = It refers to something that is not on the card.
refused-forged_seal = The seal of this entry was not yours on this tablet. Please try again.
refused-group_refused = It belongs together with something that was not taken.
refused-name_missing = The card has no name.
refused-too_long = A value is too long.
refused-too_many = The card holds too many entries of this sort.
refused-card_missing = The card is no longer there.
refused-entry_missing = What was to be changed is no longer on the card.
refused-unknown_class = There is no such class.
refused-next_step_missing = The next step is missing.
refused-reason_missing = It does not say why the customer declined.
refused-issue_missing = The complaint has no issue.
refused-invalid_value = A value is not one that its field can have.
refused-unknown = The store's reason is “{ $code }”.
wanted-open-card = Open a new card
wanted-edit = { $name } to “{ $value }”
wanted-cleared = (cleared)
wanted-contact = { $channel } { $day }: { $outcome }
wanted-next = next: { $what }, { $day }
wanted-none = no next step, because { $reason }
wanted-move = Move the next step to: { $day }
wanted-drop = Give the next step up: { $reason }

# Why something was not saved
problem-signed_out = Nobody is signed in. Please sign in first.
problem-no_feed = You have no customer book yet. Please tell your administrator.
problem-unreadable = This card can't be read; the others are fine. Please tell your administrator.
problem-document = The card did not accept the change. Please tell your administrator.
problem-name_missing = Please fill in the name.
problem-too_long = A value is too long. Please shorten it.
problem-too_many = The card holds too many of these. Please remove some first.
problem-card_missing = This card is no longer there.
problem-entry_missing = This entry is no longer on the card; a colleague may just have changed it.
problem-unknown_class = There is no such class.
problem-next_step_missing = Please say what comes next, or why nothing does.
problem-reason_missing = Please say why the customer declined.
problem-issue_missing = Please say what the complaint is about.
problem-invalid_value = This value is not one that the field can have.
problem-storage_quota = The tablet is full: free some space and save again.
problem-storage_closed = The browser closed the storage: please reload the page and save again.
problem-storage_failed = Writing to this tablet failed. Please try again, or reload the page.
problem-worker_restarted = The background program had to start again in between. Please save once more.
problem-worker_stopped = The background program stopped. Tap “Start again”, then save again.
problem-unknown = Reason: “{ $code }”. Please try again, or tell your administrator.

# When the app can't go on
opening = Opening the book on this tablet…
held-title = The book is open in another tab
held-explained = Only one tab on this tablet can write. Go on there, or take over here: what is half-typed there is kept.
take-over = Take over here
taken-title = The book was taken over by another tab
taken-explained = Another tab uses the book now. This one stopped writing; nothing was lost.
take-back = Use it here again
failed-title = The book could not be opened
failed-nothing-deleted = Nothing on this tablet was deleted.
failed-no_worker = The browser could not start the background program. Please reload.
failed-worker_stopped = The background program stopped unexpectedly.
failed-storage_deleted = The data on this tablet were deleted, by the browser or by someone who cleared them. What the store has confirmed is safe there: start again, sign in, and it comes back.
failed-storage_failed = The browser did not allow storage on this tablet: check for a private window or a full disk.
failed-storage_quota = The tablet is full: free some space and try again.
failed-storage_closed = The browser closed the storage. Please try again.
failed-storage_newer = The book on this tablet was written by a newer version. Please reload to get it.
failed-unknown = The background program reported “{ $code }”.
for-the-administrator = Details for the administrator
trouble-title = The background program stopped: nothing can be saved now
trouble-typed-stays = What you are typing stays on the screen.
start-again = Start again

# Signing in
sign-in-title = Sign in
sign-in = Sign in
your-name = Your name
password = Password
new-password = Choose a password
password-hint = At least { $least } characters; a sentence is fine.
setup-needed = The store is not set up yet: open the link that the server printed when it started.
setup-title = Set up the first store
setup-explained = You become the administrator and can add colleagues afterwards.
setup-code = One-time code
setup-code-hint = The code that the server printed when it started.
setup-do = Set up the store
store-code = Store code
store-code-hint = For example HZ1; it becomes part of card numbers.
store-code-problem = 1 to 8 letters and digits.
store-name = Store name
time-zone = Time zone
time-zone-hint = For example Asia/Shanghai; it decides what “today” is.
administrator-hint = As colleagues see it; you sign in with it.
join-title = Welcome
join-for = { $name }, please choose a password for your account at { $store }.
join-do = Set password and sign in

# Errors of the server
error-no_connection = The store's server does not answer. Please check the network and try again.
error-server_answer = Something else answered instead of the store's server. Please check the network.
error-wrong_password = The name or the password is wrong.
error-wrong_code = This one-time link is wrong, used or expired. Please ask for a new one.
error-already_set_up = The store is set up already. Please sign in.
error-not_set_up = The store is not set up yet.
error-name_taken = Someone has this name already.
error-store_code_taken = A store has this code already.
error-no_such_person = There is no such person.
error-no_post = Choose what this person does in at least one store.
error-last_administrator = Somebody has to be administrator. Make a colleague administrator first, who has signed in once.
error-no_book = Somebody is no consultant of the store and has no customers there. An administrator can change that.
error-store_name_taken = A store with this name exists already.
error-invalid_lease_hours = A tablet can work between 1 and 60 days without the store.
error-invalid_auto_lock_minutes = A tablet locks itself after 1 to 60 minutes.
error-no_such_store = There is no such store.
error-invalid_name = The name must not be empty or too long.
error-invalid_store_code = The store code has 1 to 8 letters and digits.
error-invalid_time_zone = There is no such time zone.
error-password_too_short = The password is too short.
error-password_too_long = The password is too long.
error-password_too_common = This password is too easy to guess. Please choose another.
error-lookup_too_little = Type a whole phone number or a whole WeChat id.
error-lookup_too_long = A phone number or WeChat id has at most 60 characters.
error-too_many_tries = Too many tries. Please wait a few minutes.
error-signed_out = Your sign-in has ended. Please sign in again.
error-not_allowed = Your role does not allow this. Ask the manager or an administrator.
error-not_found = It was not found.
error-malformed = The server did not understand. Please reload the page.
error-not_json = The server did not understand. Please reload the page.
error-foreign_origin = Please open this page from the store's own address.
error-too_large = The file is too large.
error-busy = The server is busy. Please try again shortly.
error-disk_full = The server's disk is full. Please tell your administrator.
error-storage_failed = The server could not write. Please tell your administrator.
error-internal = Something went wrong at the server. Please try again.
error-file_empty = The file is empty.
error-file_too_large = The file is too large. Please split it.
error-file_not_text = The file is not text: save it as CSV and try again.
error-file_unreadable = The file can't be read. Please choose it again.
error-name_column_missing = There is no column for the name (姓名, name …).
error-too_many_columns = The file has too many columns.
error-too_many_rows = The file has too many rows. Please split it.
error-import_running = Another import is running. Please try again when it is done.
error-import_broke_off = The import broke off. Please import the file again to go on.
error-invalid_creation = A store or consultant in the file has a name that is too long.
error-unknown = The server answered “{ $code }”. Please try again, or tell your administrator.

# Days
date-today = Today
date-tomorrow = Tomorrow
date-yesterday = Yesterday
date-saturday = Saturday
date-next-week = Next Monday
date-other = Another day
date-pick = Date
date-chip = { $name } { $day }/{ $month }
date-day = { $weekday } { $day } { $month }
date-day-year = { $weekday } { $day } { $month } { $year }
date-moment = { $day }, { $time }
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
weekday-unknown = { $code }
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
month-unknown = { $code }
late-days = { $count ->
        [one] { $count } day overdue
       *[other] { $count } days overdue
    }

# Today
whose-work = Whose work
only-mine = Only mine
everyone = Everyone
today-no-customers = No customers yet
show-rest = Show { $count } more
call-name = Call { $name }

# Customers
search = Find a customer
search-clear = Clear the search
customers-count = { $count ->
        [one] { $count } customer
       *[other] { $count } customers
    }
customers-none-found = Nobody found
customers-none-found-advice = Try another word, or just the last digits of the phone.
rows-coming = Opening the book…
customers-arriving = Customers are arriving from the store…
customers-empty = No customers yet
customers-empty-advice = Open the first card, or ask your administrator to import.
show-all-customers = Show all customers
phone-tail = …{ $tail }
no-next-step = No next step
mark-conflict = Two values, waiting for a choice
mark-unsent = Changes wait to be sent
no-card-open = Tap a customer to see the card here
no-card-open-advice = Or open a new card.

# Card
card = Customer card
card-without-name = (no name)
card-opening = Opening the card…
card-unreadable = This card can't be read
card-aside = This card can't be opened
card-aside-kept = The program stumbled over something in it, so it was set aside before it could disturb the others. Nothing was deleted: what was saved is still on this tablet, and what the store has confirmed is safe there.
card-aside-advice = All other cards work. The next version of the app tries this one again by itself, and you can try now. Please tell your administrator.
try-again-card = Try again to open { $name }
card-unreadable-advice = The others are fine. Please tell your administrator; the store may have a good copy.
card-missing = This card is not on this tablet
card-missing-advice = It may not have arrived yet, or a colleague or another store looks after it now.
card-unsent = { $count } to be sent
card-conflicts = { $count ->
        [one] { $count } place has two values.
       *[other] { $count } places have two values.
    } Please choose.
card-conflicts-show = Choose
card-parts = Parts of the card
back-to-list = Back to the list
responsible = { $name } is responsible
timeline = Timeline
file = File
log-contact = Log a contact
log-with = Done: log the contact with { $name }
log-contact-with = Contact with { $name }
class-change = Class: { $class }. Tap to change
class-title = Change the class
class-explained = One tap saves; it can be changed again at any time.
class-none = Unclassed
class-A = A active prospect
class-B = B buying or designing
class-C = C followed up monthly
class-D = D given up
class-unknown = Class { $code }
next-step = Next step
no-next-step-yet = No next step yet
plan-next-step = Log a contact and plan
step-done = Done
move-step = Move
move-step-title = Move to which day?
move-to = Move to
due-so-far = so far: { $day }
drop-step = Give up
drop-step-title = Give this step up?
drop-reason = Why
timeline-empty = No contacts yet
timeline-empty-advice = Log the first contact and what comes next.
timeline-step = { $day }: { $what }
timeline-none = No next step, because { $reason }
timeline-refused = Declined, because { $reason }
step-open = open
step-is-done = done
step-dropped = given up: { $reason }
section-reach = How to reach them
section-address = Address
section-basics = Basics
section-facts = Other facts
remarks = Remarks
remarks-empty = No remarks yet.
edit-section = Edit { $section }
phone = Phone
phones = Phones
phone-label = Whose or what (e.g. office)
phone-add = Add a phone
phone-remove = Remove this phone
source-consultant = from a consultant
source-customer = filled in by the customer, unverified
source-import = imported, unverified
confirm-fact = Confirm { $name }
conflict-title = Two tablets wrote different values. Please choose:
conflict-use = Use this
conflict-use-value = Use this: “{ $value }”
conflict-cleared = (cleared)
by-here = { $name }, this tablet
by-tablet = { $name }, tablet { $code }
by-another = { $name }, another tablet
by-server = { $name }, on the server
by-unknown = unknown
field-number = Card number
field-name = Name
field-kind = Kind of customer
field-class = Class
field-wechat = WeChat
field-email = E-mail
field-province = Province
field-city = City
field-district = District
field-street = Street, number, unit
field-compound = Compound
field-source = How they found us
field-first_visit = First visit
field-earlier_contact = Last contact before
field-opened_on = Card opened
field-unit = Building and unit
field-floor = Floor
field-lift = Lift
field-region = Region
field-route_order = Order in the round
field-referrer = Introduced by
field-referrer_card = Card of who introduced them
field-unknown = { $code }
kind-individual = Individual
kind-company = Company
kind-government = Government
kind-special_company = Special company
kind-trading_partner = Trading partner
kind-unknown = { $code }

# New card
new-card = New card
new-card-explained = A name and one way to reach them is enough; the rest can come later. The card number is given when you save.
same-phone = This phone is on another card already:
known-elsewhere = Known in this store already.
known-ask = Please ask { $name } or the manager.
known-ask-manager = Please ask the manager.
known-settled = Settled
known-yours = This customer is on a card that you can see: please search for it.
known-asked-later = Whether a colleague looks after them already is asked at the store, when there is a connection.
more-fields = More details
missing-name = The name is missing
missing-reach = One way to reach them is missing: phone or WeChat

# Logging a contact
contact-date = Day
contact-channel = How
contact-outcome = What came of it
contact-note = What was said
contact-completes = This contact does
next-step-when = When
next-step-what = What
next-step-how = How
none-because-chip = None, because…
none-because = Why is there no next step
none-because-hint = No next step counts towards class D.
because-no-plan = No plan for now
because-far-off = The project is far off
because-bought = Bought elsewhere
because-declined = Does not want to be contacted
suggest-call = Call to follow up
suggest-wechat = Send material by WeChat
suggest-invite = Invite to the store
suggest-measure = Measure at home
suggest-quote = Send the quotation
missing-channel = How you got in touch is missing
missing-outcome = What came of it is missing
missing-next-step = Choose when the next step is, or “none, because…”
missing-reason = The reason is missing
missing-what = What comes next is missing
missing-day = The day is missing
missing-how = How the next step is done is missing
missing-refusal = Why they declined is missing
missing-complaint = What the complaint is about is missing
contact-purpose = What for
not-convenient = Not convenient now, call again…
suggest-call-again = Call again
suggest-occasion = Holiday or season call
suggest-promotion = Call before the promotion
suggest-referral = Ask for a referral
suggest-service = Ask how the issue is
next-step-time = At what time
time-none = No hour
time-other = Another hour…
time-pick = Hour
date-by-class = By class
refusal = Why they declined
refusal-no-need = No need now
refusal-elsewhere = Bought elsewhere
refusal-price = Price
refusal-time = Wrong time
refusal-no-contact = Does not want to be contacted
refuses-channel = Does not want this any more: { $channel }
complaint = What the complaint is about
complaint-advice = Apologise first. Promise who does what until when: it becomes an issue that stays in Today until it is solved.
solution-hint = Filled in, the issue counts as solved on the day of this contact.
channel-call = Call
channel-wechat = WeChat
channel-message = Text message
channel-mail = E-mail
channel-store_visit = Store visit
channel-home_visit = Home visit
channel-other = Other
channel-unknown = { $code }
outcome-progress = Progress
outcome-no_change = Nothing new
outcome-not_reached = Not reached
outcome-not_convenient = Not convenient
outcome-refused = Declined
outcome-complaint = Complaint
outcome-other = Other
outcome-unknown = { $code }

# More
more-ways = Administration and status
this-tablet = This tablet
tablet-code = Tablet { $code }
language = Language
theme = Appearance
theme-system = As the system
theme-light = Light
theme-dark = Dark
about = About
not-for-your-role = Your role does not include this

# People
people = People
people-add = Add a person
people-add-do = Add and make a link
person-name = Name
store = Store
no-password-yet = No password yet
invite = Make a link
invite-again = Make a new link
invitation-for = One-time link for { $name }
invitation-explained = Hand it over in person: it is opened on an enrolled tablet to choose a password. It works once, and is shown only now.
invitation-link = One-time link
copy = Copy
copied = Copied
copy-failed = The browser does not allow copying: please copy the link by hand.

# Import
import-title = Import customers
import-explained = Choose a CSV file saved from a spreadsheet. You see a report first, and nothing is written until you say so. Importing the same file again makes no second cards.
import-choose = Choose a file
import-reading = Reading the file…
import-would = What the import would do
import-done = Imported
import-done-explained = Written at the store. The cards are on their way to every tablet.
import-rows = Rows
import-created = New cards
import-completed = Completed
import-unchanged = Unchanged
import-rejected = Not importable
import-fact-columns = Columns without a field of their own, kept as facts: { $columns }
import-missing = Stores and people in the file that do not exist yet
import-missing-explained = Tick to create them too; rows that need others wait.
import-create-all = Tick all
import-create-store = Store { $code }
import-create-consultant = Consultant { $name } ({ $store })
import-nothing = There is nothing to write
import-apply = { $count ->
        [one] Write { $count } card
       *[other] Write { $count } cards
    }
import-problems = Problems
import-problems-count = { $count ->
        [one] { $count } problem
       *[other] { $count } problems
    }
import-line = Line
import-column = Column
import-value = In the file
import-what = Problem
import-fatal = Row left out
import-kept = Row imported
import-column_count = The row has more or fewer cells than the header.
import-unbalanced_quotes = A quotation mark has no partner.
import-damaged_text = Some text is damaged.
import-cell_too_long = A cell is too long.
import-name_missing = There is no name.
import-number_twice = The card number stands in an earlier row.
import-row_twice = The whole row stands twice.
import-number_of_another = The card number belongs to another customer.
import-number_of_tablet = A tablet of yours gives out numbers like this one. Leave the number out, or the row if the card is here already.
import-store_missing = No store is told, and you have none.
import-store_not_yours = You may not import into this store. Leave the row out, or have somebody of that store or an administrator import it.
import-consultant_needed = No consultant is told, and you keep no customers in this store. Write into the file who is responsible.
import-consultant_without_book = This person is no consultant of the store. Write another name, or ask an administrator to give them a post there.
import-store_unmanaged = Nobody manages this store yet: give someone a post there.
import-card_too_large = All values together are too much for one card.
import-card_unreadable = The card of this row can't be read.
import-changed_meanwhile = Someone changed the card meanwhile: import again.
import-store_empty = No store is told: it goes to yours.
import-consultant_empty = No consultant is told: it goes to you.
import-store_column_missing = The file has no column for the store.
import-consultant_column_missing = The file has no column for the consultant.
import-class_unknown = The class is none of A to D: kept as a fact.
import-kind_unknown = The kind is not known: kept as a fact.
import-date_unreadable = The date can't be read: kept as a fact.
import-date_ambiguous = The date can be read in several ways: kept as a fact.
import-date_impossible = There is no such day: kept as a fact.
import-step_without_date = The next step has no day: kept as a fact.
import-date_without_step = A day without a next step: kept as a fact.
import-date_without_use = No next step, but a day: the day is kept as a fact.
import-reason_missing = No next step, but no reason either.
import-phone_unreadable = The phone can't be read: kept as a fact.
import-phone_unusual = The phone is on the card but looks wrong.
import-phones_too_many = Too many phones: the rest is kept as a fact.
import-wechat_without_mobile = WeChat is said to be the mobile, but there is none.
import-email_unreadable = The e-mail address is none: kept as a fact.
import-value_too_long = The value is too long: kept as a fact or among the remarks.
import-value_kept = The card says something else: its value stays.
import-step_kept = The card exists: its next step is not planned again.
import-owner_kept = The card is in another book: it stays there.
import-unknown = “{ $code }”

# What is known, by the catalogue
category-basic = Basics
category-consumption = Home and purchase
category-taste = Taste
category-career = Work and education
category-family = Family
category-life = Life
category-personality = Personality
category-relationships = Relationships
category-enterprise_basic = The enterprise
category-enterprise_traits = What it is like
category-enterprise_business = Its business
category-enterprise_dealings = Dealings
category-enterprise_persons = Persons in charge
category-unknown = { $code }
topic-work = Work
topic-household = Household
topic-character = Character
topic-habits = Habits
topic-taste = Style and colour
topic-leisure = Leisure
topic-service = Preferred service
topic-promotions = Promotions
topic-values = Values
topic-enterprise = The enterprise
topic-business = Its business
topic-competitors = Competitors
topic-persons = Persons in charge
topic-unknown = { $code }
section-unknown = Not known yet
fact-stale = noted long ago
quality-title = { $percent } of 100 known
quality-confirmed = Last noted or confirmed { $when }
quality-ask = Worth asking next:

# Class proposals
class-proposal = Proposed class
class-propose = { $class }?
class-take = Change to { $class }
class-keep = Keep { $class }
class-speaks-for = What speaks for { $class }:
reason-and = {", "}
reason-fruitless = { $count ->
    [one] 1 contact without a next step
   *[other] { $count } contacts without a next step
  }
reason-never_bought = nothing bought
reason-bought = has bought
reason-no_plan = no next step planned
reason-far_plan = no purchase planned before { $day }
reason-expected = purchase expected by { $day }
reason-planned = next step on { $day }
reason-progress = progress on { $day }
reason-quiet = { $count ->
    [one] no contact for 1 day
   *[other] no contact for { $count } days
  }
reason-just_came = { $count ->
    [0] first visit today
    [one] first visit 1 day ago
   *[other] first visit { $count } days ago
  }
resort = Re-sort the cards
resort-count = { $count ->
    [one] 1 card
   *[other] { $count } cards
  }
resort-empty = All classes look right
resort-empty-advice = Cards appear here when what happened speaks for another class. Look in twice a week.
resort-group = { $from } → { $to } ({ $count })
