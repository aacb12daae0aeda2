#!/usr/bin/env python3
"""Makes the home in this folder with the command line of an old build: see README.md.

usage: make.py METERBRIDGE OUTPUT

METERBRIDGE is the old build's executable; the directory OUTPUT is emptied first.
"""
import atexit, base64, datetime, http.client, http.server, json, os, shutil, signal, subprocess, sys, threading, time, urllib.parse

METERBRIDGE, OUTPUT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
SANDBOX, SERVE, RECEIVER = 41871, 41872, 41873
HOOK_PASSWORD, HOOK_SECRET = "legacy-test-password", "legacy-test-hook-secret"
SIGNING_SECRET = "whsec_" + base64.b64encode(b"legacy-test-key of 32 bytes, yes").decode()
PRICE = "legacy-growth-plan-with-a-long-name-USD-Monthly"
PLAN = "pp.legacy.plan1"
LONG_CUSTOMER = "customer-whose-id-nearly-fills-chargebees-limit-1"
LONG_INVOICE = "inv.legacy." + "long-" * 20
WEBHOOK = urllib.parse.urlencode({
    "name": "Meterbridge acme", "url": "https://hooks.acme.example/hooks/acme", "api_version": "v2",
    "chargebee_response_schema_type": "items", "disabled": "false",
    "basic_auth_username": "meterbridge", "basic_auth_password": HOOK_PASSWORD,
    "enabled_events[0]": "customer_created", "enabled_events[1]": "payment_succeeded",
    "enabled_events[2]": "subscription_cancelled"})
HOME = OUTPUT + "/home"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": OUTPUT, "METERBRIDGE_HOME": HOME}

# --- The sandbox, and what is asked of it, for the test to repeat


def ask(port, method, path, body=None, headers={}):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    data = json.dumps(body).encode() if body is not None else None
    connection.request(method, path, data, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    text = answer.read().decode()
    assert answer.status < 300, (method, path, answer.status, text)
    return json.loads(text) if text else None


deeds, copied = [], 0


def copy_requests():
    """Notes the changes that the APIs were asked for since the last time."""
    global copied
    for entry in ask(SANDBOX, "GET", "/sandbox/requests"):
        if entry["number"] <= copied:
            continue
        copied = entry["number"]
        done = entry.get("misbehaved") in (None, "slow") and entry.get("status") != 401
        if entry["method"] != "GET" and done:
            if entry["target"].endswith("/webhook_endpoints"):  # The log hides its body
                entry["body"] = WEBHOOK
            names = ("app", "method", "target", "body", "idempotencyKey", "status")
            deeds.append({name: entry[name] for name in names if name in entry})


def sandbox(path, body={}, method="POST", repeats=True):
    copy_requests()
    answer = ask(SANDBOX, method, "/sandbox/" + path, body)
    if repeats:
        deeds.append({"method": method, "target": "/sandbox/" + path, "body": json.dumps(body)})
    return answer


def state():
    return ask(SANDBOX, "GET", "/sandbox/state")


def misbehave(**fault):
    sandbox("misbehaviour", fault, repeats=False)


# --- A receiver of webhooks


class Receiver(http.server.BaseHTTPRequestHandler):
    posts = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        note = body.get("content", {}).get("subscription", {}).get("id", "test")
        Receiver.posts.append((note, self.headers["webhook-id"]))
        if "cut" in note:
            time.sleep(600)
        self.send_response(503 if "waits" in note else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


receiver = http.server.ThreadingHTTPServer(("127.0.0.1", RECEIVER), Receiver)
receiver.daemon_threads = True
threading.Thread(target=receiver.serve_forever, daemon=True).start()

# --- The command line


def meterbridge(line, *words, stdin=""):
    done = subprocess.run(
        [METERBRIDGE, *line.split(), *words], input=stdin, env=ENVIRONMENT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, (line, words, done.stdout, done.stderr)
    return done.stdout


def runs():
    return [json.loads(line) for line in meterbridge("run list --json").splitlines()]


def wait(what, is_so):
    for _ in range(150):
        if is_so():
            return
        time.sleep(0.1)
    log = [e for e in ask(SANDBOX, "GET", "/sandbox/requests") if e["method"] != "GET"]
    sys.exit(f"waited in vain for {what}: {json.dumps([runs(), log, Receiver.posts], indent=1)}")


def hook(connection, event):
    """Delivers an event, and waits until its runs are at their end or wait."""
    path, headers = f"/hooks/{connection}", {}
    if connection == "togai":
        path += "/" + HOOK_SECRET
    else:
        pair = base64.b64encode(f"meterbridge:{HOOK_PASSWORD}".encode()).decode()
        headers = {"Authorization": "Basic " + pair}
    return ask(SERVE, "POST", path, event, headers).get("runs", [])


def settled(connection, event, status="success"):
    started = hook(connection, event)

    def is_so():
        mine = [run for run in runs() if run["id"] in started]
        if status == "pending":
            return all(run["status"] == "pending" and run.get("reason") for run in mine)
        return all(run["status"] == status for run in mine)

    wait(f"{status} of {event}", is_so)
    assert started


def latest(kind):
    return [e for e in state()["chargebee"]["events"] if e["event_type"] == kind][-1]


def customer(id, **members):
    sandbox("chargebee/customers", {"id": id, "preferred_currency_code": "USD", **members})
    return latest("customer_created")


def payment(id):
    sandbox("chargebee/payments", {"customer": id, "items": [{"item_price": PRICE, "quantity": 1}]})
    return latest("payment_succeeded")


def cancellation(id, customer="cus_ok"):
    content = {"customer": {"id": customer}, "subscription": {"id": id, "status": "cancelled"}}
    sandbox("chargebee/events", {"event_type": "subscription_cancelled", "content": content})
    return latest("subscription_cancelled")


def draft(id, cents):
    account = "acct-cus_ok"
    sandbox("togai/invoices", {"id": id, "account": account, "totalAmount": cents / 100})


def invoice(id, status="DUE"):
    if status == "DUE":
        sandbox(f"togai/invoices/{id}/generate")
    return {"payload": {"id": id, "status": status}}


# --- What is made

shutil.rmtree(OUTPUT, ignore_errors=True)
os.makedirs(OUTPUT)
playing = subprocess.Popen(
    [METERBRIDGE, "sandbox", "--listen", f"127.0.0.1:{SANDBOX}"], env=ENVIRONMENT,
    stderr=subprocess.DEVNULL)
atexit.register(playing.kill)
time.sleep(1)
start = ask(SANDBOX, "POST", "/sandbox/clock", {"speed": 0})["now"]
sandbox("webhooks/chargebee/hold")
sandbox("chargebee/item_prices", {"id": PRICE, "price": 49000})
sandbox("togai/price_plans", {
    "id": PLAN, "type": "PURCHASE", "price": 490,
    "features": [{"id": "feature.legacy.1", "name": "API calls", "credits": 1000}]})

chargebee, togai = f"http://127.0.0.1:{SANDBOX}/chargebee/api/v2", f"http://127.0.0.1:{SANDBOX}/togai"
meterbridge(
    f"connection add chargebee --name acme --set site=acme --set itemPrice={PRICE} --set"
    f" baseUrl={chargebee} --secret apiKey=- --secret webhookPassword=-",
    stdin=f"test_sandbox\n{HOOK_PASSWORD}\n")
# A key that Chargebee refuses: the connection is paused by its first run
meterbridge(
    f"connection add chargebee --name globex --no-test --set site=globex --set itemPrice={PRICE}"
    f" --set baseUrl={chargebee} --secret apiKey=- --secret webhookPassword=-",
    stdin=f"legacy-test-key\n{HOOK_PASSWORD}\n")
meterbridge(
    f"connection add togai --name togai --set baseUrl={togai} --secret token=- --secret"
    " webhookSecret=-", stdin=f"togai_sandbox\n{HOOK_SECRET}\n")
meterbridge(
    f"connection add webhook --name crm --set url=http://127.0.0.1:{RECEIVER}/crm --secret"
    " signingSecret=-", stdin=SIGNING_SECRET + "\n")
meterbridge(
    "flow new --id crm --name Cancellations --type inbound --trigger chargebee/any-event --action"
    " webhook/initiate-webhook --set chargebee/any-event.types=subscription_cancelled")
named = "--set togai/{0}.accountPrefix=acct- --set togai/{0}.emailDomain=legacy.example"
meterbridge(
    "flow connect chargebee-togai-customer-sync --name customers --enable --step"
    " chargebee/customer-created=acme --step chargebee/create-comment=acme "
    + named.format("create-customer"), "--set", "chargebee/create-comment.text=Billed by Togai")
for site, name in ("acme", "payments"), ("globex", "globex-payments"):
    meterbridge(
        f"flow connect associate-priceplan-on-chargebee-payment --name {name} --enable --step"
        f" chargebee/payment-succeeded={site} --set togai/associate-price-plan.pricePlan={PLAN} "
        + named.format("associate-price-plan"))
meterbridge(
    "flow connect chargebee-togai-invoice-sync --name invoices --enable --step"
    " chargebee/create-invoice=acme --set chargebee/create-invoice.netTerms=false")
meterbridge("flow connect crm --name cancellations --enable --step chargebee/any-event=acme")
meterbridge("webhook install --connection acme --url https://hooks.acme.example")
meterbridge("step place chargebee/record-payment local")
meterbridge(
    "step place zohobooks/create-contact https://faas.example/create-contact --secret bearer=-",
    stdin="legacy-test-bearer\n")
meterbridge("setting set personalData shown")
meterbridge("link set customer", "chargebee:acme/odd id: 100% / ünïcode~", "togai:production/odd-1")
meterbridge("link set account", "chargebee:acme/..", "togai:production/dots")
meterbridge("link set invoice", "chargebee:acme/9001", "togai:production/inv.old.1")
meterbridge("link set payment", "chargebee:acme/txn_old", "togai:production/pay.old.1")
meterbridge("link set customer", "chargebee:globex/globex-1", "togai:production/globex-1")

meterbridge(f"store backup {OUTPUT}/backup.jsonl")

serving = subprocess.Popen(
    [METERBRIDGE, "serve", "--listen", f"127.0.0.1:{SERVE}"], env=ENVIRONMENT,
    stderr=open(OUTPUT + "/serve.log", "w"))
atexit.register(serving.kill)
time.sleep(1)


def togai_customer(id):
    body = {"id": id, "name": f"Another {id}", "address": {}, "primaryEmail": f"other@{id}.example",
            "account": {"id": "acct-" + id, "name": f"Another {id}", "primaryEmail": f"other@{id}.example",
                        "address": {}, "invoiceCurrency": "USD"}}
    copy_requests()
    ask(SANDBOX, "POST", "/togai/customers", body, {"Authorization": "Bearer togai_sandbox"})


for id in "taken", "doubtful", "globex-1":
    togai_customer(id)

# Done
settled("acme", customer("cus_ok", company="Fine Ltd", email="fine@legacy.example"))
settled("acme", customer(LONG_CUSTOMER, company="Long Ltd", email="long@legacy.example"))
settled("acme", customer("odd.id", company="Odd Ltd"))  # Its address is made of a digest
settled("acme", customer("cut-pay", company="Cut Payment Ltd", email="cut@legacy.example"))
settled("acme", payment("cus_ok"))
draft("inv.fine", 12345)
settled("togai", invoice("inv.fine"))
draft(LONG_INVOICE, 5000)
settled("togai", invoice(LONG_INVOICE))
settled("acme", cancellation("sub-told"))
meterbridge("store compact")  # What comes from now on is in the journal
# Unheard, with an id and without
sandbox("chargebee/events", {"event_type": "subscription_created", "content": {"customer": {"id": "cus_ok"}}})
assert hook("acme", latest("subscription_created")) == []
assert hook("togai", {"type": "PRICE_PLAN_CREATED", "payload": {"id": "pp.unheard"}}) == []
# Stopped: it came too early, twice
draft("inv.early", 700)
for _ in range(2):
    settled("togai", invoice("inv.early", "DRAFT"), "stopped")
# Failed, and parked: Togai has another customer of that id; of the second nobody knows
settled("acme", customer("taken", company="Taken Ltd", email="taken@legacy.example"), "failed")
misbehave(app="togai", method="POST", path="/customers", kind="drop")
settled("acme", customer("doubtful", company="Doubtful Ltd", email="doubt@legacy.example"), "parked")
# Paused
sandbox("chargebee/customers", {"id": "globex-1", "company": "Globex", "preferred_currency_code": "USD"})
settled("globex", payment("globex-1"), "pending")
# Waiting: Togai answered 503 to the creation, the receiver to the webhook
misbehave(app="togai", method="POST", path="/customers", kind="fail", status=503)
settled("acme", customer("waits", company="Waiting Ltd", email="waits@legacy.example"), "pending")
settled("acme", cancellation("sub-waits"), "pending")
# Cut in the middle of an effect: it was sent, and done, and the answer was not heard
cut = [customer("cut-note", company="Cut Note Ltd", email="note@legacy.example"), payment("cut-pay"),
       cancellation("sub-cut", "odd.id")]
draft("inv.cut", 4200)
cut_invoice = invoice("inv.cut")
for path in "/comments", "/invoices/create_for_charge_items_and_charges":
    misbehave(app="chargebee", method="POST", path=path, kind="slow", seconds=600)
misbehave(app="togai", method="POST", path="/accounts/acct-cut-pay/purchases", kind="slow", seconds=600)
for event in cut:
    hook("acme", event)
hook("togai", cut_invoice)
wait("the effects to be sent", lambda: sum(
    entry.get("misbehaved") == "slow" for entry in ask(SANDBOX, "GET", "/sandbox/requests")) == 3
    and any("cut" in note for note, _ in Receiver.posts))
time.sleep(0.3)
serving.send_signal(signal.SIGKILL)
serving.wait()

# --- What is kept: nobody opens the home again, so that its journal ends as it was left

end = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
copy_requests()
with open(OUTPUT + "/deeds.jsonl", "w") as file:
    file.writelines(json.dumps(deed) + "\n" for deed in deeds)
webhooks = {note: id for note, id in Receiver.posts if note != "test"}
with open(OUTPUT + "/facts.json", "w") as file:
    json.dump({"start": start, "end": end, "webhookIDs": webhooks}, file, indent=1)
    file.write("\n")
os.remove(OUTPUT + "/serve.log")
for folder, _, names in os.walk(HOME):
    for name in names:
        if name in ("dispatcher.lock", "lock", "compaction"):
            os.remove(os.path.join(folder, name))
