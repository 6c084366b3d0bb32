# One-time codes and questions
time-left = { $time } left
one-time-code = Code
one-time-until = Works until { $until }
confirm-type = Type { $code } to confirm

# Administration
administration = Administration
read-again = Read again
list-and = {", "}
yes = Yes
no = No

# People
role-consultant = Consultant
role-manager = Manager
role-office = Office
role-display = Visual display
role-admin = Administrator
role-unknown = { $code }
person = Person
people-choose = Tap a colleague to see posts and access here
people-search = Find a colleague
people-count = { $count ->
        [one] { $count } colleague
       *[other] { $count } colleagues
    }
people-left = Left or disabled
person-left = Disabled
person-name-hint = Colleagues see this name, and it is what they sign in with.
person-access = Access
person-has-password = A password is set. If it was forgotten, make a new one-time link.
person-needs-link = No password yet: make a one-time link and hand it over in person.
posts = Posts
posts-home = Home store (new cards are opened there)
posts-add-store = Another store
posts-choose-store = Choose a store…
posts-admin = Administrator: people, stores and tablets of the whole chain
posts-lost = A post that goes no longer shows the customers there. They are deleted from the tablets at the next contact, after unsent work was delivered.
person-leaving = Leaving
person-leaving-explained = Disabling signs them out of all tablets at once. They can come back later.
person-is-me = This is you; you can't disable yourself.
person-disable = Disable
person-disable-title = Disable { $name }?
person-disable-sessions = They are signed out everywhere at once; their keys go from the tablets at the next contact.
person-disable-work = Unsent work on the tablets is still delivered. Nothing is lost.
person-disable-cards = { $count ->
        [one] { $count } card is
       *[other] { $count } cards are
    } theirs: you can hand them over to a colleague before or after.
person-disable-history = Their name stays in the records.
person-left-explained = Disabled: can't sign in. When they come back, their old password works again.
person-back = Enable again

# Stores
stores = Stores
stores-choose = Tap a store to see its settings here
stores-count = { $count ->
        [one] { $count } store
       *[other] { $count } stores
    }
stores-add = Add a store
store-code-for-ever = For example HZ1. It becomes part of card numbers and can't be changed later.
store-identity = Name and time zone
store-settings = Store settings
setting-books = Consultants may see one another's customers
setting-books-hint = Off by default: consultants see their own customers, the manager sees all of the store.
setting-books-opens = Then the tablets of all consultants of this store receive all its customers.
setting-lock = Minutes untouched until it locks
setting-lock-hint = { $usual } by default, { $least } to { $most } minutes.
setting-lease = Days a PIN opens without network
setting-lease-hint = { $usual } by default, { $least } to { $most } days.
setting-out-of-bounds = A number is out of its bounds

# Tablets
tablets = Tablets
tablet = Tablet
tablets-choose = Tap a tablet to see how it is
tablets-count = { $count ->
        [one] { $count } tablet
       *[other] { $count } tablets
    }
tablets-add = Add a tablet
tablets-step-1 = Open the browser on the new tablet. On an Apple tablet, add this page to the home screen first.
tablets-step-2 = Make an enrolment code here and scan it with the new tablet's camera, or type it there.
tablets-step-3 = The code works for 10 minutes and once.
tablets-code-make = Make a code
tablets-code-again = Make another one
tablets-code-ended = The code has expired.
tablets-scan = Scan it with the new tablet's camera, or open this site there and type the code.
tablets-link = Enrolment link
tablets-waiting = Waiting for the new tablet…
tablets-enrolled = Enrolled: { $code }
tablets-another = Add another one
tablet-contact = Last contact { $at }
tablet-no-contact = No contact yet
tablet-state-retiring = Retiring
tablet-state-retired = Retired
tablet-state-stolen = Stolen
tablet-state-erased = Emptied
tablet-state-unknown = { $code }
tablet-is-here = This very tablet
tablet-facts = How it is
tablet-people = Signed in here
tablet-nobody = Nobody yet
tablet-last-contact = Last contact
tablet-books = Open to its people
tablet-books-before = Given to it before
tablet-books-before-hint = Nobody on it may see these any more. They are deleted from it at a contact, after unsent work was delivered.
tablet-books-count = { $count ->
        [one] { $count } book
       *[other] { $count } books
    }
tablet-clock = Clock
tablet-clock-short = clock { $offset }
tablet-clock-right = on time
tablet-clock-ahead = { $amount } ahead
tablet-clock-behind = { $amount } behind
clock-seconds = { $count } s
clock-minutes = { $count } min
clock-hours = { $count } h
tablet-held = What it held
tablet-held-explained = Who signed in on it, and which books with how many cards it was given: to be printed after a loss. The audit notes that you asked.
tablet-held-show = Show it for printing
tablet-held-at = As of { $at }
tablet-held-print = Print
tablet-held-book = Book
tablet-held-owner = Of
tablet-held-cards = Cards now
tablet-held-standing = How it stands
tablet-held-note = The books that were ever opened to it, with the cards that are in them now. Cards that left a book since are not counted.
tablet-enrolled = Enrolled
tablet-erased = Told to empty itself
tablet-erased-waiting = { $count ->
        [0] nothing unsent was on it
        [one] { $count } unsent change was on it
       *[other] { $count } unsent changes were on it
    }
tablet-emptied = Told that it is empty
tablet-emptied-unknown = Not yet
tablet-name = Name
book-cards = Cards
book-accounts = Accounts
book-common = Common book
book-office = Office book
book-cover = Looked after
book-unknown = { $code }
book-unseen = and { $count } more
book-none = Nothing
trouble-not-persistent = The browser does not promise to keep its data: install the app to the home screen
trouble-nearly-full = Its storage is nearly full
trouble-clock-ahead = { $count ->
        [one] Its clock is { $count } minute ahead
       *[other] Its clock is { $count } minutes ahead
    }
trouble-clock-behind = { $count ->
        [one] Its clock is { $count } minute behind
       *[other] Its clock is { $count } minutes behind
    }
trouble-silent = { $count ->
        [one] No contact for { $count } day
       *[other] No contact for { $count } days
    }
trouble-retiring = Being retired: once it has a network, it delivers what was not sent and is emptied
trouble-stolen = Declared stolen and not heard of yet: it is emptied as soon as it has a network
trouble-not-confirmed = Told to empty itself, but has not told that it did: keep looking for it
tablet-giving-up = Giving it up
tablet-retire = Retire
tablet-retire-explained = Retire: what was not sent is delivered first, then it is emptied.
tablet-retire-title = Retire { $code }?
tablet-retire-delivers = { $count ->
        [0] It last reported nothing to be sent; anything newer is delivered first too.
        [one] It last reported { $count } change to be sent, which is delivered first.
       *[other] It last reported { $count } changes to be sent, which are delivered first.
    }
tablet-retire-empties = Then all customers' data on it are deleted; to be used again it has to be enrolled again.
tablet-code-stays = Its code is never given to another tablet, so that card numbers stay unique.
tablet-stolen = Declare stolen
tablet-stolen-explained = Stolen: it is emptied at its next contact at once, whether all was sent or not.
tablet-stolen-title = Declare { $code } stolen?
tablet-stolen-empties = It is emptied as soon as it has a network; whoever is signed in on it is signed out now.
tablet-stolen-loses = { $count ->
        [0] It last reported nothing to be sent.
        [one] It last reported { $count } change to be sent, which will be lost.
       *[other] It last reported { $count } changes to be sent, which will be lost.
    }
tablet-stolen-offline = If it never has a network again: what is on it is encrypted and does not open without a PIN.

# Errors of administration
error-other_store = This colleague does not work in that store.
error-not_their_customer = Some of these customers are no longer this consultant's. Please select again.
error-handover_running = These customers are being handed over already. Please wait until that is done.
error-no_such_handover = This handover is over already.
error-not_enrolled = This tablet is not enrolled, or was retired. Please ask an administrator for a code.
error-no_such_tablet = There is no such tablet.
error-invalid_until = A cover ends after today and within a year.
error-invalid_note = The word for the colleague is too long.
error-invalid_customers = Please select 1 to 1000 customers.
error-same_person = Please choose another colleague.
error-no_rescue_file = This is no rescue file of Floorbook, or one of a newer version.
error-rescue_damaged = The rescue file is damaged.

# Rescue files
rescue = Take in a rescue file
rescue-explained = A tablet that can't reach the store any more can save what was not sent as an encrypted file (name → Sign out of this tablet), which is taken in here. The same file twice changes nothing.
rescue-taken = { $count ->
        [one] { $count } change was taken in
       *[other] { $count } changes were taken in
    }
rescue-refused = { $count } refused:

## What a store sets for the rules
settings-cadence = After the purchase, and customers gone quiet
settings-classes = Classes: when another one is proposed
settings-dealings = Dealings: new, main and loyal customers, grades
settings-quality = Complete and fresh cards
settings-unknown = { $code }
settings-explained-cadence = Days of the calls after a purchase or delivery, and from when on a main customer counts as gone quiet.
settings-explained-classes = The program proposes with its reasons; a person decides.
settings-explained-dealings = Counted from the purchases on the card. Amounts are in yuan and grow from one grade to the next.
settings-explained-quality = What the ring on a card shows, and from when on facts should be asked again.
settings-explained-unknown = { $code }
setting-occupations = Hours of calling by occupation
setting-occupations-hint = Empty, the hours beside the name hold. A customer’s own time beats all of them.
setting-occupations-wrong = From and until belong together, and from comes first.
setting-occupation-from = { $name }, from
setting-occupation-until = { $name }, until
setting-after-first = First call after a purchase, on day
setting-after-second = Second call, on day
setting-after-third = Third call, on day
setting-after-stays = Such a call stays for, in days
setting-main-quiet = Main customer gone quiet after, in days
setting-ahead = Ahead of a warranty's end or an expected purchase, in days
setting-satisfaction-days = Ask whether they are content, days after a solution
setting-fruitless = Contacts in a row without a next step: D
setting-quiet-a = Days without contact: A no more
setting-active = Days in which a next step or progress keeps A
setting-kept = Days for which a class stays that a person kept
setting-sign = Days in which an expected purchase keeps from D
setting-new = New customer for, days after the first purchase
setting-general = General customer from, yuan
setting-main = Main customer from, yuan
setting-long = Long dealings from, in days (a weight higher)
setting-silver = Silver from, yuan
setting-gold = Gold from, yuan
setting-diamond = Diamond from, yuan
setting-loyal = Benefit for loyal customers from, yuan
setting-hard-percent = What the hard file counts, of 100
setting-stale = Facts should be asked again after, in days
setting-unknown = { $code }
setting-yuan-hint = { $usual } yuan by default.
setting-usual = Defaults
setting-sensitive-title = Sensitive facts
setting-sensitive = Keep sensitive facts where the customer agreed
setting-sensitive-hint = Identity number, income, health, religion and the like. Off by default. Even when on, a card offers them only once the customer's agreement is noted on it.
setting-sensitive-on = From then on cards with the customer's agreement offer these fields. Please tell your team what you need them for.
setting-sensitive-off = Then no card offers these fields any more. What was noted already stays in the history of the card.
