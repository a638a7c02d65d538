SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.access_attempt (
    id bigint NOT NULL,
    username text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.access_attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.access_attempt_id_seq OWNED BY public.access_attempt.id;
CREATE TABLE public.access_secret (
    name text NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.access_session (
    token_hash text NOT NULL COLLATE pg_catalog."C",
    username text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT access_session_kind_check CHECK ((kind = ANY (ARRAY['web'::text, 'token'::text])))
);
CREATE TABLE public.access_user (
    username text NOT NULL COLLATE pg_catalog."C",
    password_hash text NOT NULL,
    customer text NOT NULL,
    language text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT access_user_language_check CHECK ((language = ANY (ARRAY['sq'::text, 'en'::text]))),
    CONSTRAINT access_user_username_check CHECK ((username ~ '^[a-z0-9._-]{1,40}$'::text))
);
CREATE TABLE public.bank_account (
    id text NOT NULL,
    customer text NOT NULL,
    name text NOT NULL,
    "position" smallint NOT NULL,
    currency text NOT NULL,
    balance bigint NOT NULL,
    CONSTRAINT bank_account_id_check CHECK ((id !~~ '%:%'::text)),
    CONSTRAINT bank_account_not_overdrawn CHECK ((balance >= 0))
);
CREATE TABLE public.bank_entry (
    id bigint NOT NULL,
    subject text NOT NULL,
    kind text NOT NULL,
    account text NOT NULL,
    amount bigint NOT NULL,
    posted_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE SEQUENCE public.bank_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.bank_entry_id_seq OWNED BY public.bank_entry.id;
CREATE TABLE public.bank_hold (
    order_id text NOT NULL,
    customer text NOT NULL,
    account text NOT NULL,
    biller text NOT NULL,
    amount bigint NOT NULL,
    fee bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT bank_hold_state_check CHECK ((state = ANY (ARRAY['held'::text, 'captured'::text, 'released'::text])))
);
CREATE TABLE public.contract (
    id text NOT NULL COLLATE pg_catalog."C",
    customer text NOT NULL,
    biller text NOT NULL,
    reference jsonb NOT NULL,
    reference_key text NOT NULL,
    name text NOT NULL,
    subscriber text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    checked_at timestamp with time zone,
    failures integer NOT NULL,
    version integer NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT contract_failures_check CHECK ((failures >= 0)),
    CONSTRAINT contract_version_check CHECK ((version > 0))
);
CREATE TABLE public.delivery (
    id text NOT NULL COLLATE pg_catalog."C",
    channel text NOT NULL,
    hook text NOT NULL,
    subject text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    due_at timestamp with time zone,
    deadline timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    done_at timestamp with time zone,
    CONSTRAINT delivery_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT delivery_check CHECK (((done_at IS NULL) OR (due_at IS NULL))),
    CONSTRAINT delivery_version_check CHECK ((version > 0))
);
CREATE TABLE public.exchange_order (
    payment text NOT NULL COLLATE pg_catalog."C",
    biller text NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.exchange_outgoing (
    biller text NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    content bytea NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone
);
CREATE TABLE public.exchange_register (
    biller text NOT NULL,
    reference_key text NOT NULL,
    reference jsonb NOT NULL,
    subscriber text NOT NULL,
    as_of timestamp with time zone NOT NULL,
    invoices jsonb NOT NULL
);
CREATE TABLE public.exchange_taken (
    biller text NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    content bytea NOT NULL,
    taken_at timestamp with time zone NOT NULL
);
CREATE TABLE public.exchange_turn (
    biller text NOT NULL,
    fence bigint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    CONSTRAINT exchange_turn_fence_check CHECK ((fence > 0))
);
CREATE TABLE public.idempotency (
    customer text NOT NULL,
    key text NOT NULL,
    body_hash text NOT NULL,
    payment text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.invoice (
    id text NOT NULL COLLATE pg_catalog."C",
    customer text NOT NULL,
    biller text NOT NULL,
    reference jsonb NOT NULL,
    contract text COLLATE pg_catalog."C",
    invoice_key text NOT NULL,
    part integer NOT NULL,
    invoice jsonb NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    read_at timestamp with time zone NOT NULL,
    subscriber text NOT NULL,
    CONSTRAINT invoice_part_check CHECK ((part > 0)),
    CONSTRAINT invoice_state_check CHECK ((state = ANY (ARRAY['open'::text, 'paying'::text, 'paid'::text, 'paid_elsewhere'::text, 'withdrawn'::text]))),
    CONSTRAINT invoice_version_check CHECK ((version > 0))
);
CREATE TABLE public.migration (
    id integer NOT NULL,
    name character varying(200) NOT NULL,
    app_name character varying(200) NOT NULL,
    ran_on timestamp without time zone DEFAULT now() NOT NULL
);
CREATE SEQUENCE public.migration_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.migration_id_seq OWNED BY public.migration.id;
CREATE TABLE public.notice (
    id text NOT NULL COLLATE pg_catalog."C",
    customer text NOT NULL,
    event text NOT NULL,
    invoice text NOT NULL COLLATE pg_catalog."C",
    invoice_version integer NOT NULL,
    facts jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT notice_invoice_version_check CHECK ((invoice_version > 0))
);
CREATE TABLE public.payment (
    id text NOT NULL COLLATE pg_catalog."C",
    customer text NOT NULL,
    account text NOT NULL,
    biller text NOT NULL,
    reference jsonb NOT NULL,
    invoice_key text NOT NULL,
    part integer NOT NULL,
    amount bigint NOT NULL,
    fee bigint NOT NULL,
    currency text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    invoice text NOT NULL COLLATE pg_catalog."C",
    quoted_total bigint NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    state_since timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    chain_head text NOT NULL,
    reason text NOT NULL,
    reason_amount bigint,
    hold_expires_at timestamp with time zone,
    submitted_at timestamp with time zone,
    asked integer NOT NULL,
    receipt jsonb,
    CONSTRAINT payment_amount_check CHECK ((amount > 0)),
    CONSTRAINT payment_asked_check CHECK ((asked >= 0)),
    CONSTRAINT payment_fee_check CHECK ((fee >= 0)),
    CONSTRAINT payment_part_check CHECK ((part > 0)),
    CONSTRAINT payment_quoted_total_check CHECK ((quoted_total > 0)),
    CONSTRAINT payment_state_check CHECK ((state = ANY (ARRAY['scheduled'::text, 'confirming'::text, 'created'::text, 'cancelled'::text, 'expired'::text, 'holding'::text, 'held'::text, 'declined'::text, 'submitting'::text, 'settled'::text, 'rejected'::text, 'not_sent'::text, 'pending'::text, 'unknown'::text, 'under_review'::text, 'capturing'::text, 'paid'::text, 'releasing'::text, 'failed'::text]))),
    CONSTRAINT payment_version_check CHECK ((version > 0))
);
CREATE TABLE public.payment_event (
    payment text NOT NULL COLLATE pg_catalog."C",
    version integer NOT NULL,
    at timestamp with time zone NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    reason text NOT NULL,
    evidence text NOT NULL,
    previous_hash text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT payment_event_version_check CHECK ((version > 0))
);
CREATE TABLE public.push_choice (
    customer text NOT NULL,
    event text NOT NULL,
    wanted boolean NOT NULL
);
CREATE TABLE public.push_device (
    id text NOT NULL COLLATE pg_catalog."C",
    customer text NOT NULL,
    username text NOT NULL COLLATE pg_catalog."C",
    endpoint text NOT NULL COLLATE pg_catalog."C",
    p256dh text NOT NULL,
    auth text NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.push_sent (
    notice text NOT NULL COLLATE pg_catalog."C",
    device text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.access_attempt ALTER COLUMN id SET DEFAULT nextval('public.access_attempt_id_seq'::regclass);
ALTER TABLE ONLY public.bank_entry ALTER COLUMN id SET DEFAULT nextval('public.bank_entry_id_seq'::regclass);
ALTER TABLE ONLY public.migration ALTER COLUMN id SET DEFAULT nextval('public.migration_id_seq'::regclass);
COPY public.access_attempt (id, username, source, at) FROM stdin;
\.
COPY public.access_secret (name, value) FROM stdin;
csrf	2a7c059299e8443bacf0ccca17b8c365ef2110734d0d4d64880046e786ef712b
\.
COPY public.access_session (token_hash, username, kind, created_at, expires_at) FROM stdin;
\.
COPY public.access_user (username, password_hash, customer, language, created_at) FROM stdin;
\.
COPY public.bank_account (id, customer, name, "position", currency, balance) FROM stdin;
demo-1	demo	Llogaria kryesore	1	ALL	1813
demo-2	demo	Llogaria e kursimeve	2	ALL	22951120
\.
COPY public.bank_entry (id, subject, kind, account, amount, posted_at) FROM stdin;
1	demo-1	opening	demo-1	1813	2026-11-24 18:10:00.743676+00
2	demo-1	opening	equity:ALL	-1813	2026-11-24 18:10:00.743676+00
3	demo-2	opening	demo-2	25000000	2026-11-24 18:10:00.746019+00
4	demo-2	opening	equity:ALL	-25000000	2026-11-24 18:10:00.746019+00
5	pay_1a2027bd68062963ef887a84bd0bf7d	hold	demo-2	-170740	2026-11-24 18:10:00.809883+00
6	pay_1a2027bd68062963ef887a84bd0bf7d	hold	held:ALL	170740	2026-11-24 18:10:00.809883+00
7	pay_1a22dc1b80086cafbf34daaa45e5af8	hold	demo-2	-170740	2026-11-24 18:10:04.458746+00
8	pay_1a22dc1b80086cafbf34daaa45e5af8	hold	held:ALL	170740	2026-11-24 18:10:04.458746+00
9	pay_1a22dc1b80086cafbf34daaa45e5af8	capture	held:ALL	-170740	2026-11-24 18:10:04.518427+00
10	pay_1a22dc1b80086cafbf34daaa45e5af8	capture	suspense:files:ALL	170740	2026-11-24 18:10:04.518427+00
11	pay_1a22e668380c729f143d5179f919b16	hold	demo-2	-170740	2026-11-24 18:10:04.56633+00
12	pay_1a22e668380c729f143d5179f919b16	hold	held:ALL	170740	2026-11-24 18:10:04.56633+00
13	pay_1a22e9d72004c3ab3b0ab61eec02a10	hold	demo-2	-170740	2026-11-24 18:10:04.603421+00
14	pay_1a22e9d72004c3ab3b0ab61eec02a10	hold	held:ALL	170740	2026-11-24 18:10:04.603421+00
15	pay_1a22e9d720013dc29683369bc194eaa	hold	demo-2	-170740	2026-11-24 18:10:04.632463+00
16	pay_1a22e9d720013dc29683369bc194eaa	hold	held:ALL	170740	2026-11-24 18:10:04.632463+00
17	pay_1a22e9d720013dc29683369bc194eaa	capture	held:ALL	-170740	2026-11-24 18:10:04.641591+00
18	pay_1a22e9d720013dc29683369bc194eaa	capture	suspense:fake:ALL	170740	2026-11-24 18:10:04.641591+00
19	pay_1a22e9d72005f42464e624f40e132c0	hold	demo-2	-170740	2026-11-24 18:10:04.672744+00
20	pay_1a22e9d72005f42464e624f40e132c0	hold	held:ALL	170740	2026-11-24 18:10:04.672744+00
21	pay_1a22e9d72005f42464e624f40e132c0	release	held:ALL	-170740	2026-11-24 18:10:04.685085+00
22	pay_1a22e9d72005f42464e624f40e132c0	release	demo-2	170740	2026-11-24 18:10:04.685085+00
23	pay_1a22e9d72005d4fac2fcad5f38eff9a	hold	demo-2	-170740	2026-11-24 18:10:04.717923+00
24	pay_1a22e9d72005d4fac2fcad5f38eff9a	hold	held:ALL	170740	2026-11-24 18:10:04.717923+00
25	pay_1a22e9d72005a50c32c270c2a3ef12b	hold	demo-2	-170740	2026-11-24 18:10:04.728891+00
26	pay_1a22e9d72005a50c32c270c2a3ef12b	hold	held:ALL	170740	2026-11-24 18:10:04.728891+00
27	pay_1a22e9d72004d732cab9f24f564581e	hold	demo-2	-170740	2026-11-24 18:10:04.744048+00
28	pay_1a22e9d72004d732cab9f24f564581e	hold	held:ALL	170740	2026-11-24 18:10:04.744048+00
29	pay_1a22e9d7200dca629afd4be8fcebf54	hold	demo-2	-170740	2026-11-24 18:10:04.760615+00
30	pay_1a22e9d7200dca629afd4be8fcebf54	hold	held:ALL	170740	2026-11-24 18:10:04.760615+00
31	pay_1a22e9d7200e29bce3c7189597e9e91	hold	demo-2	-170740	2026-11-24 18:10:04.796884+00
32	pay_1a22e9d7200e29bce3c7189597e9e91	hold	held:ALL	170740	2026-11-24 18:10:04.796884+00
33	pay_1a22e9d7200e29bce3c7189597e9e91	capture	held:ALL	-170740	2026-11-24 18:10:04.806855+00
34	pay_1a22e9d7200e29bce3c7189597e9e91	capture	suspense:fake:ALL	170740	2026-11-24 18:10:04.806855+00
35	pay_1a22e9d72004efd8b226bcf40c11f90	hold	demo-2	-170740	2026-11-24 18:10:04.821495+00
36	pay_1a22e9d72004efd8b226bcf40c11f90	hold	held:ALL	170740	2026-11-24 18:10:04.821495+00
37	pay_1a22e9d720091028d4a2e51cbf90107	hold	demo-2	-170740	2026-11-24 18:10:04.837892+00
38	pay_1a22e9d720091028d4a2e51cbf90107	hold	held:ALL	170740	2026-11-24 18:10:04.837892+00
39	pay_1a22e9d720091028d4a2e51cbf90107	release	held:ALL	-170740	2026-11-24 18:10:04.843194+00
40	pay_1a22e9d720091028d4a2e51cbf90107	release	demo-2	170740	2026-11-24 18:10:04.843194+00
41	pay_1a22e9d7200a0edfc72685f6db3d81e	hold	demo-2	-170740	2026-11-24 18:10:04.851471+00
42	pay_1a22e9d7200a0edfc72685f6db3d81e	hold	held:ALL	170740	2026-11-24 18:10:04.851471+00
\.
COPY public.bank_hold (order_id, customer, account, biller, amount, fee, currency, state, expires_at) FROM stdin;
pay_1a2027bd68062963ef887a84bd0bf7d	demo	demo-2	fake	170740	0	ALL	held	2026-11-29 09:00:00+00
pay_1a22dc1b80086cafbf34daaa45e5af8	demo	demo-2	files	170740	0	ALL	captured	2026-12-07 18:40:00+00
pay_1a22e668380c729f143d5179f919b16	demo	demo-2	files	170740	0	ALL	held	2026-12-07 21:40:00+00
pay_1a22e9d72004c3ab3b0ab61eec02a10	demo	demo-2	files	170740	0	ALL	held	2026-12-07 22:40:00+00
pay_1a22e9d720013dc29683369bc194eaa	demo	demo-2	fake	170740	0	ALL	captured	2026-12-07 22:40:00+00
pay_1a22e9d7200255bd6161905b10431b9	demo	demo-1	fake	0	0	ALL	released	\N
pay_1a22e9d72005f42464e624f40e132c0	demo	demo-2	fake	170740	0	ALL	released	2026-12-07 22:40:00+00
pay_1a22e9d72005d4fac2fcad5f38eff9a	demo	demo-2	fake	170740	0	ALL	held	2026-12-07 22:40:00+00
pay_1a22e9d72005a50c32c270c2a3ef12b	demo	demo-2	fake	170740	0	ALL	held	2026-12-07 22:40:00+00
pay_1a22e9d72004d732cab9f24f564581e	demo	demo-2	fake	170740	0	ALL	held	2026-12-07 22:40:00+00
pay_1a22e9d7200dca629afd4be8fcebf54	demo	demo-2	fake	170740	0	ALL	held	2026-12-07 22:40:00+00
pay_1a22e9d7200e29bce3c7189597e9e91	demo	demo-2	fake	170740	0	ALL	captured	2026-12-07 22:40:00+00
pay_1a22e9d72004efd8b226bcf40c11f90	demo	demo-2	fake	170740	0	ALL	held	2026-12-07 22:40:00+00
pay_1a22e9d720091028d4a2e51cbf90107	demo	demo-2	fake	170740	0	ALL	released	2026-12-07 22:40:00+00
pay_1a22e9d7200a0edfc72685f6db3d81e	demo	demo-2	fake	170740	0	ALL	held	2026-12-07 22:40:00+00
\.
COPY public.contract (id, customer, biller, reference, reference_key, name, subscriber, created_at, due_at, checked_at, failures, version, removed_at) FROM stdin;
con_1a22d662a807dbf8bc035b29e4ffcf3	demo	fake	{"kind": "contract", "values": {"code": "AB12"}}	contract|[["code","AB12"]]	Shtëpia AB12	Test Test	2026-11-30 17:00:00+00	2026-11-30 17:55:00+00	2026-11-30 17:40:00+00	0	3	\N
con_1a22d662a80f33f97f85a467c2c745e	demo	fake	{"kind": "contract", "values": {"code": "AB13"}}	contract|[["code","AB13"]]	Shtëpia AB13	Test Test	2026-11-30 17:00:00+00	2026-11-30 17:55:00+00	2026-11-30 17:40:00+00	0	3	\N
\.
COPY public.delivery (id, channel, hook, subject, version, due_at, deadline, attempts, done_at) FROM stdin;
del_1a22d787a00250070f1cd6e152bcffe	listener	deliver_notice	not_1a22d787a00bb786e2d1cfddeb1f880	1	\N	2026-12-03 17:20:00+00	0	2026-11-30 17:20:00+00
del_1a22d8ac9800b5b3173c8358e74551b	listener	deliver_notice	not_1a22d8ac9802c2cc171fc9457c5ed82	1	2026-11-30 17:40:00+00	2026-12-03 17:40:00+00	0	\N
\.
COPY public.exchange_order (payment, biller, name) FROM stdin;
pay_1a22dc1b80086cafbf34daaa45e5af8	files	PAY-8911c4ea1609
pay_1a22e668380c729f143d5179f919b16	files	PAY-19a32c066e08
\.
COPY public.exchange_outgoing (biller, name, content, stored_at, sent_at) FROM stdin;
files	PAY-8911c4ea1609	\\x5b227061795f31613232646331623830303836636166626633346461616134356535616638225d	2026-11-30 19:40:00+00	2026-11-30 19:40:00+00
files	PAY-19a32c066e08	\\x5b227061795f31613232653636383338306337323966313433643531373966393139623136225d	2026-11-30 22:40:00+00	2026-11-30 22:40:00+00
\.
COPY public.exchange_register (biller, reference_key, reference, subscriber, as_of, invoices) FROM stdin;
files	contract|[["code","C001"]]	{"kind": "contract", "values": {"code": "C001"}}	Test Test	2026-11-30 17:40:00+00	[{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C001", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C001", "paid_by_order": null}]
files	contract|[["code","C002"]]	{"kind": "contract", "values": {"code": "C002"}}	Test Test	2026-11-30 20:40:00+00	[{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C002", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C002", "paid_by_order": null}]
files	contract|[["code","C003"]]	{"kind": "contract", "values": {"code": "C003"}}	Test Test	2026-11-30 21:40:00+00	[{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C003", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C003", "paid_by_order": null}]
\.
COPY public.exchange_taken (biller, name, content, taken_at) FROM stdin;
files	register-C001	\\x7b227265676973746572223a5b7b227265666572656e6365223a7b226b696e64223a22636f6e7472616374222c2276616c756573223a7b22636f6465223a2243303031227d7d2c2273756273637269626572223a22546573742054657374222c2261735f6f66223a22323032362d31312d33305431373a34303a30305a222c22696e766f69636573223a5b7b22696e766f6963655f6b6579223a22462d43303031222c226e756d626572223a22462d43303031222c226973737565645f6f6e223a22323031382d30382d3031222c22616d6f756e74223a3137303734302c22746f74616c223a3137303734302c2263757272656e6379223a22414c4c222c2270617961626c65223a7b2274797065223a2263686f69636573222c2263686f69636573223a5b7b22616d6f756e74223a3137303734302c226c6162656c223a7b227371223a22546f74616c69222c22656e223a22546f74616c227d7d5d7d2c226475655f6f6e223a6e756c6c2c2270656e616c7479223a302c22646973636f756e74223a302c226c696e6573223a5b5d2c2270617274223a312c22706169645f62795f6f72646572223a6e756c6c7d5d7d5d2c226f7574636f6d6573223a7b7d2c22656e64223a747275657d	2026-11-30 18:40:00+00
files	outcomes-1	\\x7b227265676973746572223a5b5d2c226f7574636f6d6573223a7b227061795f31613232646331623830303836636166626633346461616134356535616638223a7b2274797065223a22736574746c6564222c2272656365697074223a7b226e756d626572223a22522d7061795f31613232646331623830303836636166626633346461616134356535616638222c22736574746c65645f6174223a22323032362d31312d33305431393a34303a30305a222c22616d6f756e74223a3137303734307d7d7d2c22656e64223a747275657d	2026-11-30 20:40:00+00
files	register-C002	\\x7b227265676973746572223a5b7b227265666572656e6365223a7b226b696e64223a22636f6e7472616374222c2276616c756573223a7b22636f6465223a2243303032227d7d2c2273756273637269626572223a22546573742054657374222c2261735f6f66223a22323032362d31312d33305432303a34303a30305a222c22696e766f69636573223a5b7b22696e766f6963655f6b6579223a22462d43303032222c226e756d626572223a22462d43303032222c226973737565645f6f6e223a22323031382d30382d3031222c22616d6f756e74223a3137303734302c22746f74616c223a3137303734302c2263757272656e6379223a22414c4c222c2270617961626c65223a7b2274797065223a2263686f69636573222c2263686f69636573223a5b7b22616d6f756e74223a3137303734302c226c6162656c223a7b227371223a22546f74616c69222c22656e223a22546f74616c227d7d5d7d2c226475655f6f6e223a6e756c6c2c2270656e616c7479223a302c22646973636f756e74223a302c226c696e6573223a5b5d2c2270617274223a312c22706169645f62795f6f72646572223a6e756c6c7d5d7d5d2c226f7574636f6d6573223a7b7d2c22656e64223a747275657d	2026-11-30 21:40:00+00
files	register-C003	\\x7b227265676973746572223a5b7b227265666572656e6365223a7b226b696e64223a22636f6e7472616374222c2276616c756573223a7b22636f6465223a2243303033227d7d2c2273756273637269626572223a22546573742054657374222c2261735f6f66223a22323032362d31312d33305432313a34303a30305a222c22696e766f69636573223a5b7b22696e766f6963655f6b6579223a22462d43303033222c226e756d626572223a22462d43303033222c226973737565645f6f6e223a22323031382d30382d3031222c22616d6f756e74223a3137303734302c22746f74616c223a3137303734302c2263757272656e6379223a22414c4c222c2270617961626c65223a7b2274797065223a2263686f69636573222c2263686f69636573223a5b7b22616d6f756e74223a3137303734302c226c6162656c223a7b227371223a22546f74616c69222c22656e223a22546f74616c227d7d5d7d2c226475655f6f6e223a6e756c6c2c2270656e616c7479223a302c22646973636f756e74223a302c226c696e6573223a5b5d2c2270617274223a312c22706169645f62795f6f72646572223a6e756c6c7d5d7d5d2c226f7574636f6d6573223a7b7d2c22656e64223a747275657d	2026-11-30 22:40:00+00
\.
COPY public.exchange_turn (biller, fence, due_at) FROM stdin;
files	205	2026-11-30 23:40:00+00
\.
COPY public.idempotency (customer, key, body_hash, payment) FROM stdin;
demo	reviewed	27fcb9b0151aff6e70bbb2421d2b8e4af796b65025b08bda925207a87874d93c	pay_1a2027bd68062963ef887a84bd0bf7d
demo	paid-by-file	6df7c35dc2844c7c78673542fdfd261fbd285e4c901e6e65661e493ab61ae651	pay_1a22dc1b80086cafbf34daaa45e5af8
demo	carried	b4ddd2caf20f871971181246c976b2ff22ade4a6870f8ed8ff733335b7663063	pay_1a22e668380c729f143d5179f919b16
demo	queued	b3773b996e356d973df76582663a2b61168bff9185725136484f24b2a4767f3b	pay_1a22e9d72004c3ab3b0ab61eec02a10
demo	paid	6ccdbb5ce0e0965f020d9a86b16592396c9e8bec40a111153dd94d611f020b79	pay_1a22e9d720013dc29683369bc194eaa
demo	declined	cfa52d0b88eca2a84141c42910e41618d8670ce4e91c56e4974a16e86d90ee9c	pay_1a22e9d7200255bd6161905b10431b9
demo	failed	b4b45c478796d8a43cf11b1c7f0b883de134ccf99cd4055104a84db77402bd45	pay_1a22e9d72005f42464e624f40e132c0
demo	left-created	31f11ac534848f2aa0202f3609416827e694b665d94d9549d50ffc7b98df39d8	pay_1a22e9d72008722ad3975f10f9fc038
demo	left-holding	999cad350697d293650369a75dac76051e3c98a4192484b17adc6bfb472bebf2	pay_1a22e9d72005d4fac2fcad5f38eff9a
demo	left-held	2b0b6a063a9b11281c491df7400341a8a06978dc9ae7a24ae70e8b1fb1aa9639	pay_1a22e9d72005a50c32c270c2a3ef12b
demo	left-submitting	b945466911b88194c34e16140eeb091177b21031629c7d716132ec623bf3771c	pay_1a22e9d72004d732cab9f24f564581e
demo	left-settled	2c627bfbf39cb7aef2a59b4aff2e28326fe6577b57295f84060e0e9272f4e34b	pay_1a22e9d7200dca629afd4be8fcebf54
demo	left-capturing	13385ddd96e24a056bc0b381846a87df1588e80574c74cd0d9005b004d57c27b	pay_1a22e9d7200e29bce3c7189597e9e91
demo	left-rejected	a1b0125419a2f81a430b2f313af50b187bc381a8742c4f2c133c15929ae6147d	pay_1a22e9d72004efd8b226bcf40c11f90
demo	left-releasing	45346a90c9a290e7805d70a26b361a885712cbaeed89c629632eeb99c902f85a	pay_1a22e9d720091028d4a2e51cbf90107
demo	unknown	9d3b9d2881386c77930d4a18f44259c11819c39dbb64ecdbe9bb3946a490d5a7	pay_1a22e9d7200a0edfc72685f6db3d81e
\.
COPY public.invoice (id, customer, biller, reference, contract, invoice_key, part, invoice, state, version, read_at, subscriber) FROM stdin;
quo_1a2027bd6805d297f64f8b9d38c4614	demo	fake	{"kind": "contract", "values": {"code": "C000"}}	\N	F-C000	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C000", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C000", "paid_by_order": null}	paying	2	2026-11-22 09:00:00+00	Test Test
inv_1a22d662a80e26f0ce832602a053e00	demo	fake	{"kind": "contract", "values": {"code": "AB12"}}	con_1a22d662a807dbf8bc035b29e4ffcf3	F1	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F1", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F1", "paid_by_order": null}	open	1	2026-11-30 17:00:00+00	Test Test
inv_1a22d662a800cdda54a33f736f5ec5c	demo	fake	{"kind": "contract", "values": {"code": "AB13"}}	con_1a22d662a80f33f97f85a467c2c745e	G1	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "G1", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "G1", "paid_by_order": null}	open	1	2026-11-30 17:00:00+00	Test Test
inv_1a22d787a00f9b3305bc740d267329f	demo	fake	{"kind": "contract", "values": {"code": "AB12"}}	con_1a22d662a807dbf8bc035b29e4ffcf3	F2	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F2", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F2", "paid_by_order": null}	open	1	2026-11-30 17:20:00+00	Test Test
inv_1a22d8ac980311cc78b6b20e90fbf22	demo	fake	{"kind": "contract", "values": {"code": "AB13"}}	con_1a22d662a80f33f97f85a467c2c745e	G2	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "G2", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "G2", "paid_by_order": null}	open	1	2026-11-30 17:40:00+00	Test Test
quo_1a22dc1b8004e36584b2de3d11e60b6	demo	files	{"kind": "contract", "values": {"code": "C001"}}	\N	F-C001	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C001", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C001", "paid_by_order": null}	paid	3	2026-11-30 18:40:00+00	Test Test
quo_1a22e668380bff16e35165d135805df	demo	files	{"kind": "contract", "values": {"code": "C002"}}	\N	F-C002	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C002", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C002", "paid_by_order": null}	paying	2	2026-11-30 21:40:00+00	Test Test
quo_1a22e9d720023f014199c58be335b45	demo	files	{"kind": "contract", "values": {"code": "C003"}}	\N	F-C003	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C003", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C003", "paid_by_order": null}	paying	2	2026-11-30 22:40:00+00	Test Test
quo_1a22e9d7200f741526392e8a9eed261	demo	fake	{"kind": "contract", "values": {"code": "C005"}}	\N	F-C005	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C005", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C005", "paid_by_order": null}	open	3	2026-11-30 22:40:00+00	Test Test
quo_1a22e9d72001d3d346896b8aaebab6e	demo	fake	{"kind": "contract", "values": {"code": "C004"}}	\N	F-C004	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C004", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C004", "paid_by_order": null}	paid	3	2026-11-30 22:40:00+00	Test Test
quo_1a22e9d7200d42cc12a02689080a732	demo	fake	{"kind": "contract", "values": {"code": "C006"}}	\N	F-C006	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C006", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C006", "paid_by_order": null}	open	3	2026-11-30 22:40:00+00	Test Test
quo_1a22e9d72003f51b14202cd2bca8c01	demo	fake	{"kind": "contract", "values": {"code": "C007"}}	\N	F-C007	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C007", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C007", "paid_by_order": null}	open	1	2026-11-30 22:40:00+00	Test Test
quo_1a22e9d72000aec99c6557603d37b0b	demo	fake	{"kind": "contract", "values": {"code": "C008"}}	\N	F-C008	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C008", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C008", "paid_by_order": null}	paying	2	2026-11-30 22:40:00+00	Test Test
quo_1a22e9d7200450addc2e5fff5b92f06	demo	fake	{"kind": "contract", "values": {"code": "C009"}}	\N	F-C009	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C009", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C009", "paid_by_order": null}	paying	2	2026-11-30 22:40:00+00	Test Test
quo_1a22e9d72004759ebfa10155376b2b9	demo	fake	{"kind": "contract", "values": {"code": "C010"}}	\N	F-C010	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C010", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C010", "paid_by_order": null}	paying	2	2026-11-30 22:40:00+00	Test Test
quo_1a22e9d720011bf117fb0a0831abb28	demo	fake	{"kind": "contract", "values": {"code": "C011"}}	\N	F-C011	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C011", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C011", "paid_by_order": null}	paying	2	2026-11-30 22:40:00+00	Test Test
quo_1a22e9d7200dc14e37613cfcdc3508e	demo	fake	{"kind": "contract", "values": {"code": "C012"}}	\N	F-C012	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C012", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C012", "paid_by_order": null}	paying	2	2026-11-30 22:40:00+00	Test Test
quo_1a22e9d7200d8da3e1eaccba0727ebb	demo	fake	{"kind": "contract", "values": {"code": "C013"}}	\N	F-C013	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C013", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C013", "paid_by_order": null}	paying	2	2026-11-30 22:40:00+00	Test Test
quo_1a22e9d7200f67bf22d0a9cb5c4a863	demo	fake	{"kind": "contract", "values": {"code": "C014"}}	\N	F-C014	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C014", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C014", "paid_by_order": null}	paying	2	2026-11-30 22:40:00+00	Test Test
quo_1a22e9d720049389d54bd95f7413ba2	demo	fake	{"kind": "contract", "values": {"code": "C015"}}	\N	F-C015	1	{"part": 1, "lines": [], "total": 170740, "amount": 170740, "due_on": null, "number": "F-C015", "payable": {"type": "choices", "choices": [{"label": {"en": "Total", "sq": "Totali"}, "amount": 170740}]}, "penalty": 0, "currency": "ALL", "discount": 0, "issued_on": "2018-08-01", "invoice_key": "F-C015", "paid_by_order": null}	paying	2	2026-11-30 22:40:00+00	Test Test
\.
COPY public.migration (id, name, app_name, ran_on) FROM stdin;
1	0001	faturat	2026-11-24 18:10:00.617884
2	0002	faturat	2026-11-24 18:10:00.617884
3	0001	access	2026-11-24 18:10:00.617884
4	0001	bank	2026-11-24 18:10:00.617884
5	0001	push	2026-11-24 18:10:00.617884
\.
COPY public.notice (id, customer, event, invoice, invoice_version, facts, created_at) FROM stdin;
not_1a22d787a00bb786e2d1cfddeb1f880	demo	invoice_new	inv_1a22d787a00f9b3305bc740d267329f	1	{"total": 170740, "due_on": null, "number": "F2", "currency": "ALL", "biller_name": "Fake", "contract_name": "Shtëpia AB12"}	2026-11-30 17:20:00+00
not_1a22d8ac9802c2cc171fc9457c5ed82	demo	invoice_new	inv_1a22d8ac980311cc78b6b20e90fbf22	1	{"total": 170740, "due_on": null, "number": "G2", "currency": "ALL", "biller_name": "Fake", "contract_name": "Shtëpia AB13"}	2026-11-30 17:40:00+00
\.
COPY public.payment (id, customer, account, biller, reference, invoice_key, part, amount, fee, currency, created_at, invoice, quoted_total, state, version, state_since, due_at, expires_at, chain_head, reason, reason_amount, hold_expires_at, submitted_at, asked, receipt) FROM stdin;
pay_1a2027bd68062963ef887a84bd0bf7d	demo	demo-2	fake	{"kind": "contract", "values": {"code": "C000"}}	F-C000	1	170740	0	ALL	2026-11-22 09:00:00+00	quo_1a2027bd6805d297f64f8b9d38c4614	170740	under_review	14	2026-11-23 09:00:00+00	\N	2026-11-22 09:10:00+00	ae20b32e8a6e07e763f133f37e3436786ac9cbadd2aad3d5d7b286947b842904	under_review	\N	2026-11-29 09:00:00+00	2026-11-22 09:00:00+00	8	\N
pay_1a22dc1b80086cafbf34daaa45e5af8	demo	demo-2	files	{"kind": "contract", "values": {"code": "C001"}}	F-C001	1	170740	0	ALL	2026-11-30 18:40:00+00	quo_1a22dc1b8004e36584b2de3d11e60b6	170740	paid	8	2026-11-30 20:40:00+00	\N	2026-11-30 18:50:00+00	cb5225b7a94272c04eeaf1cacb8f850eb5470ca7cdfebe39417a0ae79535aafc		\N	2026-12-07 18:40:00+00	2026-11-30 18:40:00+00	0	{"amount": 170740, "number": "R-pay_1a22dc1b80086cafbf34daaa45e5af8", "settled_at": "2026-11-30T19:40:00Z"}
pay_1a22e668380c729f143d5179f919b16	demo	demo-2	files	{"kind": "contract", "values": {"code": "C002"}}	F-C002	1	170740	0	ALL	2026-11-30 21:40:00+00	quo_1a22e668380bff16e35165d135805df	170740	pending	5	2026-11-30 21:40:00+00	2026-11-30 21:40:02+00	2026-11-30 21:50:00+00	9b476c3a29015bad1f8e117b33bef31784099cd565c892cfad6ad4a7b84c1445	pending	\N	2026-12-07 21:40:00+00	2026-11-30 21:40:00+00	0	\N
pay_1a22e9d72004c3ab3b0ab61eec02a10	demo	demo-2	files	{"kind": "contract", "values": {"code": "C003"}}	F-C003	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d720023f014199c58be335b45	170740	pending	5	2026-11-30 22:40:00+00	2026-11-30 22:40:02+00	2026-11-30 22:50:00+00	69806c789aa3de8ae844b51d811057753242e1994e1b9a719274c6dc07e9c346	pending	\N	2026-12-07 22:40:00+00	2026-11-30 22:40:00+00	0	\N
pay_1a22e9d720013dc29683369bc194eaa	demo	demo-2	fake	{"kind": "contract", "values": {"code": "C004"}}	F-C004	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d72001d3d346896b8aaebab6e	170740	paid	7	2026-11-30 22:40:00+00	\N	2026-11-30 22:50:00+00	b37abcbf37c04be4f46ca01e6d5c9199337e9615f7d71bf108d70cadc6814ace		\N	2026-12-07 22:40:00+00	2026-11-30 22:40:00+00	0	{"amount": 170740, "number": "R-pay_1a22e9d720013dc29683369bc194eaa", "settled_at": "2026-11-30T22:40:00Z"}
pay_1a22e9d7200255bd6161905b10431b9	demo	demo-1	fake	{"kind": "contract", "values": {"code": "C005"}}	F-C005	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d7200f741526392e8a9eed261	170740	declined	3	2026-11-30 22:40:00+00	\N	2026-11-30 22:50:00+00	4a191b874516fc68cf6d60fcc455658e209988340326fad87835978fbca3268b	insufficient_funds	1813	\N	\N	0	\N
pay_1a22e9d72005f42464e624f40e132c0	demo	demo-2	fake	{"kind": "contract", "values": {"code": "C006"}}	F-C006	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d7200d42cc12a02689080a732	170740	failed	7	2026-11-30 22:40:00+00	\N	2026-11-30 22:50:00+00	b6df04dba16571931f67a6c9252194d020bdd34a070a14104eff2e477b841727	not_accepted	\N	2026-12-07 22:40:00+00	2026-11-30 22:40:00+00	0	\N
pay_1a22e9d72008722ad3975f10f9fc038	demo	demo-2	fake	{"kind": "contract", "values": {"code": "C007"}}	F-C007	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d72003f51b14202cd2bca8c01	170740	created	1	2026-11-30 22:40:00+00	2026-11-30 22:40:35+00	2026-11-30 22:50:00+00	9a0ac76c41872b9880326f1289adef131b4aea3312fbf1a17f38517ab0d9256c		\N	\N	\N	0	\N
pay_1a22e9d72005d4fac2fcad5f38eff9a	demo	demo-2	fake	{"kind": "contract", "values": {"code": "C008"}}	F-C008	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d72000aec99c6557603d37b0b	170740	holding	2	2026-11-30 22:40:00+00	2026-11-30 22:40:15+00	2026-11-30 22:50:00+00	05bb59daa32b8929c3ed1015fa7562247c8cc1a28354376bb88ffea43694247c		\N	\N	\N	0	\N
pay_1a22e9d72005a50c32c270c2a3ef12b	demo	demo-2	fake	{"kind": "contract", "values": {"code": "C009"}}	F-C009	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d7200450addc2e5fff5b92f06	170740	held	3	2026-11-30 22:40:00+00	2026-11-30 22:40:05+00	2026-11-30 22:50:00+00	e59a442121b62bca71e9768ec0bba977b720be74fc393123de76105fcc7d173a		\N	2026-12-07 22:40:00+00	\N	0	\N
pay_1a22e9d72004d732cab9f24f564581e	demo	demo-2	fake	{"kind": "contract", "values": {"code": "C010"}}	F-C010	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d72004759ebfa10155376b2b9	170740	submitting	4	2026-11-30 22:40:00+00	2026-11-30 22:40:35+00	2026-11-30 22:50:00+00	421f24b5deda7ecd91f268742ca5228d9e5622e3df131419012a031bc1c922b3		\N	2026-12-07 22:40:00+00	2026-11-30 22:40:00+00	0	\N
pay_1a22e9d7200dca629afd4be8fcebf54	demo	demo-2	fake	{"kind": "contract", "values": {"code": "C011"}}	F-C011	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d720011bf117fb0a0831abb28	170740	settled	5	2026-11-30 22:40:00+00	2026-11-30 22:40:00+00	2026-11-30 22:50:00+00	69a050cd884a74736d100a7756e55043cffb3b6048ff6db894829b22b15fbd2f		\N	2026-12-07 22:40:00+00	2026-11-30 22:40:00+00	0	{"amount": 170740, "number": "R-pay_1a22e9d7200dca629afd4be8fcebf54", "settled_at": "2026-11-30T22:40:00Z"}
pay_1a22e9d7200e29bce3c7189597e9e91	demo	demo-2	fake	{"kind": "contract", "values": {"code": "C012"}}	F-C012	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d7200dc14e37613cfcdc3508e	170740	capturing	6	2026-11-30 22:40:00+00	2026-11-30 22:40:15+00	2026-11-30 22:50:00+00	5eaa56b4d0556e620aa2a36b77f56271ba531031c9f81cf4d21ab64af0a2db96		\N	2026-12-07 22:40:00+00	2026-11-30 22:40:00+00	0	{"amount": 170740, "number": "R-pay_1a22e9d7200e29bce3c7189597e9e91", "settled_at": "2026-11-30T22:40:00Z"}
pay_1a22e9d72004efd8b226bcf40c11f90	demo	demo-2	fake	{"kind": "contract", "values": {"code": "C013"}}	F-C013	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d7200d8da3e1eaccba0727ebb	170740	rejected	5	2026-11-30 22:40:00+00	2026-11-30 22:40:15+00	2026-11-30 22:50:00+00	d5e7ab38842e94643cc337e54aa1f47083452b2c119550d357779f98cdb3bd29	not_accepted	\N	2026-12-07 22:40:00+00	2026-11-30 22:40:00+00	0	\N
pay_1a22e9d720091028d4a2e51cbf90107	demo	demo-2	fake	{"kind": "contract", "values": {"code": "C014"}}	F-C014	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d7200f67bf22d0a9cb5c4a863	170740	releasing	6	2026-11-30 22:40:00+00	2026-11-30 22:40:15+00	2026-11-30 22:50:00+00	0d6e96474bdf35bb16119d33f2eef330a0f883940579eb3b742ff4cb584d9156	not_accepted	\N	2026-12-07 22:40:00+00	2026-11-30 22:40:00+00	0	\N
pay_1a22e9d7200a0edfc72685f6db3d81e	demo	demo-2	fake	{"kind": "contract", "values": {"code": "C015"}}	F-C015	1	170740	0	ALL	2026-11-30 22:40:00+00	quo_1a22e9d720049389d54bd95f7413ba2	170740	unknown	5	2026-11-30 22:40:00+00	2026-11-30 22:40:02+00	2026-11-30 22:50:00+00	df22b0a091d71576ab015e166b34634de9ccf552c541a5d0aed41e94008e734d	outcome_unknown	\N	2026-12-07 22:40:00+00	2026-11-30 22:40:00+00	0	\N
\.
COPY public.payment_event (payment, version, at, before, after, reason, evidence, previous_hash, hash) FROM stdin;
pay_1a2027bd68062963ef887a84bd0bf7d	1	2026-11-22 09:00:00+00		created		amount=170740 fee=0 total=170740 order=c8b2f243bd37c337077054b82cd590f76925bd5e330332fe26410345326e8460		9fa9066d4b1d90ce6e256227730f6e4115fe93e49dbaeb677abdcd9afaf1f0dc
pay_1a2027bd68062963ef887a84bd0bf7d	2	2026-11-22 09:00:00+00	created	holding			9fa9066d4b1d90ce6e256227730f6e4115fe93e49dbaeb677abdcd9afaf1f0dc	fa4c78daf9439ab1dd80116bea9dfd9f3e6ec1bfba8a6c94c0af17d54fcff50f
pay_1a2027bd68062963ef887a84bd0bf7d	3	2026-11-22 09:00:00+00	holding	held		held=170740 until=2026-11-29T09:00:00+00:00	fa4c78daf9439ab1dd80116bea9dfd9f3e6ec1bfba8a6c94c0af17d54fcff50f	018199dcb50299aea82fe754a298a83a429ea9f3e4c7495b051d1e7115abccc5
pay_1a2027bd68062963ef887a84bd0bf7d	4	2026-11-22 09:00:00+00	held	submitting			018199dcb50299aea82fe754a298a83a429ea9f3e4c7495b051d1e7115abccc5	0c8a145827ea439eaf23813ab6b2ac849d8a10f9a48ed23ae6c37458ad3e78bc
pay_1a2027bd68062963ef887a84bd0bf7d	5	2026-11-22 09:00:00+00	submitting	unknown	outcome_unknown	unknown=ConnectionError	0c8a145827ea439eaf23813ab6b2ac849d8a10f9a48ed23ae6c37458ad3e78bc	feb8d4cc7b507235db999bdec595c4962da1c622f7dde1e910ecc32d818ef5ae
pay_1a2027bd68062963ef887a84bd0bf7d	6	2026-11-22 09:30:00+00	unknown	unknown	outcome_unknown	ConnectionError	feb8d4cc7b507235db999bdec595c4962da1c622f7dde1e910ecc32d818ef5ae	a6d7179dbef872e68151b44917cee528ffbdffa26214c687ddcb99f8fb60d4ed
pay_1a2027bd68062963ef887a84bd0bf7d	7	2026-11-22 10:00:00+00	unknown	unknown	outcome_unknown	ConnectionError	a6d7179dbef872e68151b44917cee528ffbdffa26214c687ddcb99f8fb60d4ed	203b63194bdbf2b46ecbf5534fd44846f19f9fbbdd47038a9c65ae6cf628c7f5
pay_1a2027bd68062963ef887a84bd0bf7d	8	2026-11-22 10:30:00+00	unknown	unknown	outcome_unknown	ConnectionError	203b63194bdbf2b46ecbf5534fd44846f19f9fbbdd47038a9c65ae6cf628c7f5	241983454d5ad03d0935bb941550399de84a4f18165df5eff8b9222a3cebdff7
pay_1a2027bd68062963ef887a84bd0bf7d	9	2026-11-22 11:00:00+00	unknown	unknown	outcome_unknown	ConnectionError	241983454d5ad03d0935bb941550399de84a4f18165df5eff8b9222a3cebdff7	85917778b3445fe4f2296a712fe40ec5cd7023830e820956fc27e92572d685dc
pay_1a2027bd68062963ef887a84bd0bf7d	10	2026-11-22 11:30:00+00	unknown	unknown	outcome_unknown	ConnectionError	85917778b3445fe4f2296a712fe40ec5cd7023830e820956fc27e92572d685dc	4feaf40aa69ec65b6715a6da3b7b8621ac8e4f732a093632cf23843fe3e21d08
pay_1a2027bd68062963ef887a84bd0bf7d	11	2026-11-22 12:00:00+00	unknown	unknown	outcome_unknown	ConnectionError	4feaf40aa69ec65b6715a6da3b7b8621ac8e4f732a093632cf23843fe3e21d08	d6ce9b1f6e53e05b7f990931f64c76e25af6d3af3cf964b5ae6c9ec968cbae3b
pay_1a2027bd68062963ef887a84bd0bf7d	12	2026-11-22 13:00:00+00	unknown	unknown	outcome_unknown	ConnectionError	d6ce9b1f6e53e05b7f990931f64c76e25af6d3af3cf964b5ae6c9ec968cbae3b	1cfe0758a36fad0e379f82c13fd54c7e6e06b69b6d9c2b8cdf4c23aa046ff4e3
pay_1a2027bd68062963ef887a84bd0bf7d	13	2026-11-22 19:00:00+00	unknown	unknown	outcome_unknown	ConnectionError	1cfe0758a36fad0e379f82c13fd54c7e6e06b69b6d9c2b8cdf4c23aa046ff4e3	6761591981d77f5f578e2f0c535ffbc9231603410a2ddc1f58f3452f72a4381c
pay_1a2027bd68062963ef887a84bd0bf7d	14	2026-11-23 09:00:00+00	unknown	under_review	under_review	ConnectionError, asked 9 times	6761591981d77f5f578e2f0c535ffbc9231603410a2ddc1f58f3452f72a4381c	ae20b32e8a6e07e763f133f37e3436786ac9cbadd2aad3d5d7b286947b842904
pay_1a22dc1b80086cafbf34daaa45e5af8	1	2026-11-30 18:40:00+00		created		amount=170740 fee=0 total=170740 order=86d5635af547901c2cfe9ca3f43fa71a581e492ae15fea989d77189d48f4ca7b		74d235de4c3137222a5da298d679dcdf743759c8a7fba407060314051d7ea1a8
pay_1a22dc1b80086cafbf34daaa45e5af8	2	2026-11-30 18:40:00+00	created	holding			74d235de4c3137222a5da298d679dcdf743759c8a7fba407060314051d7ea1a8	9717b94d977383fee28138caa59a527c481c1e3aa2e3a691ff0939ae04b88bbe
pay_1a22dc1b80086cafbf34daaa45e5af8	3	2026-11-30 18:40:00+00	holding	held		held=170740 until=2026-12-07T18:40:00+00:00	9717b94d977383fee28138caa59a527c481c1e3aa2e3a691ff0939ae04b88bbe	b89e4f70d643b6185c182b01a7f0c959f8e8fb1866da721066d2c08d6687dbc9
pay_1a22dc1b80086cafbf34daaa45e5af8	4	2026-11-30 18:40:00+00	held	submitting			b89e4f70d643b6185c182b01a7f0c959f8e8fb1866da721066d2c08d6687dbc9	fdb4484f17b2fb85418808264e96855defe43fd2e47fcd2b9c8ae1220875834d
pay_1a22dc1b80086cafbf34daaa45e5af8	5	2026-11-30 18:40:00+00	submitting	pending	pending	pending	fdb4484f17b2fb85418808264e96855defe43fd2e47fcd2b9c8ae1220875834d	fcf63f9b25b1af13c9102487455676a6705db31cb4195797a0298a4293463779
pay_1a22dc1b80086cafbf34daaa45e5af8	6	2026-11-30 20:40:00+00	pending	settled		receipt=R-pay_1a22dc1b80086cafbf34daaa45e5af8 amount=170740	fcf63f9b25b1af13c9102487455676a6705db31cb4195797a0298a4293463779	872246204d61d5f164f4ee3fec63bb28dfe1ffd76db35850b9de228469fd27cc
pay_1a22dc1b80086cafbf34daaa45e5af8	7	2026-11-30 20:40:00+00	settled	capturing			872246204d61d5f164f4ee3fec63bb28dfe1ffd76db35850b9de228469fd27cc	0f4e1e4dd4dd1e79118a5558757b1e1c4f4c9ce73a29b263b4a90427561ac7f5
pay_1a22dc1b80086cafbf34daaa45e5af8	8	2026-11-30 20:40:00+00	capturing	paid		captured=170740	0f4e1e4dd4dd1e79118a5558757b1e1c4f4c9ce73a29b263b4a90427561ac7f5	cb5225b7a94272c04eeaf1cacb8f850eb5470ca7cdfebe39417a0ae79535aafc
pay_1a22e668380c729f143d5179f919b16	1	2026-11-30 21:40:00+00		created		amount=170740 fee=0 total=170740 order=fe5b331313ae45ae24ced123b919d6262c98508a23c157a0c0cda39ae2c08550		6c72067432b0446335e411aa3d4600809c30028fb8958feef7012fde4f46a838
pay_1a22e668380c729f143d5179f919b16	2	2026-11-30 21:40:00+00	created	holding			6c72067432b0446335e411aa3d4600809c30028fb8958feef7012fde4f46a838	000193adf3ecafc888148974ea390b63cdd129068581c89aa4b755b1c31d3b98
pay_1a22e668380c729f143d5179f919b16	3	2026-11-30 21:40:00+00	holding	held		held=170740 until=2026-12-07T21:40:00+00:00	000193adf3ecafc888148974ea390b63cdd129068581c89aa4b755b1c31d3b98	d8b5d5f9ed869469b11bc9dabc3073a5e049e0aadcc91826203340f22df6ea93
pay_1a22e668380c729f143d5179f919b16	4	2026-11-30 21:40:00+00	held	submitting			d8b5d5f9ed869469b11bc9dabc3073a5e049e0aadcc91826203340f22df6ea93	3f73c295cfb149c63b2ca23d06d46133949a2ce63a8457eb9f25f0768c247e8d
pay_1a22e668380c729f143d5179f919b16	5	2026-11-30 21:40:00+00	submitting	pending	pending	pending	3f73c295cfb149c63b2ca23d06d46133949a2ce63a8457eb9f25f0768c247e8d	9b476c3a29015bad1f8e117b33bef31784099cd565c892cfad6ad4a7b84c1445
pay_1a22e9d72004c3ab3b0ab61eec02a10	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=5cf6318cbf35b053bbf9a416bdd050f7f1ad69aaa1186c6d9c3b1be108419054		ba837aefe6be17eb9605db8c44a10594e8b4d7397ff4549deff621014005e186
pay_1a22e9d72004c3ab3b0ab61eec02a10	2	2026-11-30 22:40:00+00	created	holding			ba837aefe6be17eb9605db8c44a10594e8b4d7397ff4549deff621014005e186	ab78181105e3dc68a6e494b1ec40488c2aac050cbc2acefb7d5392b01d40e346
pay_1a22e9d72004c3ab3b0ab61eec02a10	3	2026-11-30 22:40:00+00	holding	held		held=170740 until=2026-12-07T22:40:00+00:00	ab78181105e3dc68a6e494b1ec40488c2aac050cbc2acefb7d5392b01d40e346	455e22f021c1c6526be5752bc435fed67964cf76f3d798fdf98dbac0a25335b9
pay_1a22e9d72004c3ab3b0ab61eec02a10	4	2026-11-30 22:40:00+00	held	submitting			455e22f021c1c6526be5752bc435fed67964cf76f3d798fdf98dbac0a25335b9	b9255d7a2d7d38fdeaae6cd99a7887ace253620ad2b47a4b67330f05bc931bf3
pay_1a22e9d72004c3ab3b0ab61eec02a10	5	2026-11-30 22:40:00+00	submitting	pending	pending	pending	b9255d7a2d7d38fdeaae6cd99a7887ace253620ad2b47a4b67330f05bc931bf3	69806c789aa3de8ae844b51d811057753242e1994e1b9a719274c6dc07e9c346
pay_1a22e9d720013dc29683369bc194eaa	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=8d12bcfabcd891603cd38cbb3a0d103e5f39aabeaad15618be3d30058ae84bdd		966c655850c579477b448f7a2077bc6954f4c7b71a0abb56f15fa501c259efe4
pay_1a22e9d720013dc29683369bc194eaa	2	2026-11-30 22:40:00+00	created	holding			966c655850c579477b448f7a2077bc6954f4c7b71a0abb56f15fa501c259efe4	0f00c04c8c3c41b90ce8962672c5740464b6b0914629be6c1fd6dcef14b86644
pay_1a22e9d720013dc29683369bc194eaa	3	2026-11-30 22:40:00+00	holding	held		held=170740 until=2026-12-07T22:40:00+00:00	0f00c04c8c3c41b90ce8962672c5740464b6b0914629be6c1fd6dcef14b86644	112a193419245f3beb4fc5318f1404bf17ef271e985933a57af3507be6e276de
pay_1a22e9d720013dc29683369bc194eaa	4	2026-11-30 22:40:00+00	held	submitting			112a193419245f3beb4fc5318f1404bf17ef271e985933a57af3507be6e276de	9ea7ddaedffad24a95a0b77e7f49b946de996218d1e78133ec2efceef3b9ec97
pay_1a22e9d720013dc29683369bc194eaa	5	2026-11-30 22:40:00+00	submitting	settled		receipt=R-pay_1a22e9d720013dc29683369bc194eaa amount=170740	9ea7ddaedffad24a95a0b77e7f49b946de996218d1e78133ec2efceef3b9ec97	a2a56f919f97cc405c24fbb612c9cf8bb207c684df29c67ff24588f5cd2611e4
pay_1a22e9d720013dc29683369bc194eaa	6	2026-11-30 22:40:00+00	settled	capturing			a2a56f919f97cc405c24fbb612c9cf8bb207c684df29c67ff24588f5cd2611e4	15d457502bb001c949630dfe01fc7353e5dbd582b109e060f1732a213b4f47cf
pay_1a22e9d720013dc29683369bc194eaa	7	2026-11-30 22:40:00+00	capturing	paid		captured=170740	15d457502bb001c949630dfe01fc7353e5dbd582b109e060f1732a213b4f47cf	b37abcbf37c04be4f46ca01e6d5c9199337e9615f7d71bf108d70cadc6814ace
pay_1a22e9d7200255bd6161905b10431b9	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=3b08129d65ce418da2d5df7e5c8c955c94c4dbfff9306aae8bd2947029cedfec		3bc3fb2f8d75cdf575d5f4b3ff5311e3268b3805d957ed370d7679ccb5375273
pay_1a22e9d7200255bd6161905b10431b9	2	2026-11-30 22:40:00+00	created	holding			3bc3fb2f8d75cdf575d5f4b3ff5311e3268b3805d957ed370d7679ccb5375273	c69df488ff9f345c31f8d622561270ee46faec99c76cc0568ee77b8a17495307
pay_1a22e9d7200255bd6161905b10431b9	3	2026-11-30 22:40:00+00	holding	declined	insufficient_funds	refusal=insufficient_funds	c69df488ff9f345c31f8d622561270ee46faec99c76cc0568ee77b8a17495307	4a191b874516fc68cf6d60fcc455658e209988340326fad87835978fbca3268b
pay_1a22e9d72005f42464e624f40e132c0	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=bd0ee62ae17cf1267a8fb66e7a974338f25511b59142d470dbed810bf8a5d6c7		574651537ecc94a50a05e1e74f3e1a8c282e16da0721330fdfaf7d0f05c08a6a
pay_1a22e9d72005f42464e624f40e132c0	2	2026-11-30 22:40:00+00	created	holding			574651537ecc94a50a05e1e74f3e1a8c282e16da0721330fdfaf7d0f05c08a6a	d0190e4c8ca1e8e1365bbf7a7d250e06475678d0734e8855eed98c0fb532e81b
pay_1a22e9d72005f42464e624f40e132c0	3	2026-11-30 22:40:00+00	holding	held		held=170740 until=2026-12-07T22:40:00+00:00	d0190e4c8ca1e8e1365bbf7a7d250e06475678d0734e8855eed98c0fb532e81b	89d5a750e120fedf43c52846e816e6595e661d60382452aa09903d026c4afe8b
pay_1a22e9d72005f42464e624f40e132c0	4	2026-11-30 22:40:00+00	held	submitting			89d5a750e120fedf43c52846e816e6595e661d60382452aa09903d026c4afe8b	42c26fe6c1218aa27ace63c65415abc99c14e400dae2d071b5e704321060b67a
pay_1a22e9d72005f42464e624f40e132c0	5	2026-11-30 22:40:00+00	submitting	rejected	not_accepted	rejected=not_accepted	42c26fe6c1218aa27ace63c65415abc99c14e400dae2d071b5e704321060b67a	09a9fc39dce163f10f581b33851e3396f60aad90507f7ad24b8a6731cd2afda5
pay_1a22e9d72005f42464e624f40e132c0	6	2026-11-30 22:40:00+00	rejected	releasing	not_accepted		09a9fc39dce163f10f581b33851e3396f60aad90507f7ad24b8a6731cd2afda5	bc2929359fdc4a01316e572f6bbc6c98e19daece7617e65406b2158e87e10992
pay_1a22e9d72005f42464e624f40e132c0	7	2026-11-30 22:40:00+00	releasing	failed	not_accepted	released	bc2929359fdc4a01316e572f6bbc6c98e19daece7617e65406b2158e87e10992	b6df04dba16571931f67a6c9252194d020bdd34a070a14104eff2e477b841727
pay_1a22e9d72008722ad3975f10f9fc038	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=513d8ea8cffb3565c68e78984e01ad66d1465bdcff8c830b28bb0d6a812f5fb5		9a0ac76c41872b9880326f1289adef131b4aea3312fbf1a17f38517ab0d9256c
pay_1a22e9d72005d4fac2fcad5f38eff9a	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=2e95b3c5ad4996813e84e755295a9cb944a7c960f564e0a509ab209dab773c17		5ad190624a0f52087cdc7d262a5642ec6185ede633d8d06aa5b98c2ba2f2aa4b
pay_1a22e9d72005d4fac2fcad5f38eff9a	2	2026-11-30 22:40:00+00	created	holding			5ad190624a0f52087cdc7d262a5642ec6185ede633d8d06aa5b98c2ba2f2aa4b	05bb59daa32b8929c3ed1015fa7562247c8cc1a28354376bb88ffea43694247c
pay_1a22e9d72005a50c32c270c2a3ef12b	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=cae15b7486b576e9d29c701bbe662fc0b124ffde6a9eee9dd24e0181f4eb35ff		7adbaef620080907473ee70bab4747fb4dce7d2e7208d3d988554efe9ceefac6
pay_1a22e9d72005a50c32c270c2a3ef12b	2	2026-11-30 22:40:00+00	created	holding			7adbaef620080907473ee70bab4747fb4dce7d2e7208d3d988554efe9ceefac6	b3d7c6e57f359fcaed5ee1b6ceebca1b61fb17264dc39a836b095681a5d91eda
pay_1a22e9d72005a50c32c270c2a3ef12b	3	2026-11-30 22:40:00+00	holding	held		held=170740 until=2026-12-07T22:40:00+00:00	b3d7c6e57f359fcaed5ee1b6ceebca1b61fb17264dc39a836b095681a5d91eda	e59a442121b62bca71e9768ec0bba977b720be74fc393123de76105fcc7d173a
pay_1a22e9d72004d732cab9f24f564581e	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=6b260ef44daeb2a35cb6d3223d0bd6803762d83549f40b9a4bf0e74888830036		a635ab6f0ff6dd5623fe71d9b3ef0125647769a7472019261798248a933416de
pay_1a22e9d72004d732cab9f24f564581e	2	2026-11-30 22:40:00+00	created	holding			a635ab6f0ff6dd5623fe71d9b3ef0125647769a7472019261798248a933416de	6cd77915d4a60cd9fc8da73a5594bc57592145bfc691cdb1ff7a41f14d1d056f
pay_1a22e9d72004d732cab9f24f564581e	3	2026-11-30 22:40:00+00	holding	held		held=170740 until=2026-12-07T22:40:00+00:00	6cd77915d4a60cd9fc8da73a5594bc57592145bfc691cdb1ff7a41f14d1d056f	1d8f50b1c1c706fff4dfc22e9a21f2b5c3c0979db168c4c84f83d942146083b7
pay_1a22e9d72004d732cab9f24f564581e	4	2026-11-30 22:40:00+00	held	submitting			1d8f50b1c1c706fff4dfc22e9a21f2b5c3c0979db168c4c84f83d942146083b7	421f24b5deda7ecd91f268742ca5228d9e5622e3df131419012a031bc1c922b3
pay_1a22e9d7200dca629afd4be8fcebf54	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=503f4821efbe354066d222be6665dd36a132e1e1838390196843228e0ee6bef4		99d9c1005606ee6c3ec19c3f5903a6f0ee0921f208f0516994261e5a2d9b7870
pay_1a22e9d7200dca629afd4be8fcebf54	2	2026-11-30 22:40:00+00	created	holding			99d9c1005606ee6c3ec19c3f5903a6f0ee0921f208f0516994261e5a2d9b7870	5a36a22362de747db35165e8aafa9733f9ec67c2f29a86293bb190f3461da939
pay_1a22e9d7200dca629afd4be8fcebf54	3	2026-11-30 22:40:00+00	holding	held		held=170740 until=2026-12-07T22:40:00+00:00	5a36a22362de747db35165e8aafa9733f9ec67c2f29a86293bb190f3461da939	0e81c01d888790736f7ffd4fae1f9c1dfa9f3cf22fb583c0a3808fcfe82e29fb
pay_1a22e9d7200dca629afd4be8fcebf54	4	2026-11-30 22:40:00+00	held	submitting			0e81c01d888790736f7ffd4fae1f9c1dfa9f3cf22fb583c0a3808fcfe82e29fb	deb64bc7b30427d607306f2af6972e46de95a2ea257efe5c78a99f59cfb8bc97
pay_1a22e9d7200dca629afd4be8fcebf54	5	2026-11-30 22:40:00+00	submitting	settled		receipt=R-pay_1a22e9d7200dca629afd4be8fcebf54 amount=170740	deb64bc7b30427d607306f2af6972e46de95a2ea257efe5c78a99f59cfb8bc97	69a050cd884a74736d100a7756e55043cffb3b6048ff6db894829b22b15fbd2f
pay_1a22e9d7200e29bce3c7189597e9e91	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=04ef543853572386b17286dc7f993536487481a8753bf1e4451c86bb90cc81aa		c3b0510f1a15bc49e482e8d24d8f5bc15ebbcd8dd8173263f7873913c3f7dcea
pay_1a22e9d7200e29bce3c7189597e9e91	2	2026-11-30 22:40:00+00	created	holding			c3b0510f1a15bc49e482e8d24d8f5bc15ebbcd8dd8173263f7873913c3f7dcea	27aa0cc273827d1fdc34fb945c900210fa3148283aface16c9093bd24f032e26
pay_1a22e9d7200e29bce3c7189597e9e91	3	2026-11-30 22:40:00+00	holding	held		held=170740 until=2026-12-07T22:40:00+00:00	27aa0cc273827d1fdc34fb945c900210fa3148283aface16c9093bd24f032e26	4dfe42fab0fa8ffcbd3d72d94fee97add32533d0984abe29616f12c250230e58
pay_1a22e9d7200e29bce3c7189597e9e91	4	2026-11-30 22:40:00+00	held	submitting			4dfe42fab0fa8ffcbd3d72d94fee97add32533d0984abe29616f12c250230e58	550d6c64f2d4516acca68e23ebe2c2cad52ee9b8c1212e10b49b9b53e072e93a
pay_1a22e9d7200e29bce3c7189597e9e91	5	2026-11-30 22:40:00+00	submitting	settled		receipt=R-pay_1a22e9d7200e29bce3c7189597e9e91 amount=170740	550d6c64f2d4516acca68e23ebe2c2cad52ee9b8c1212e10b49b9b53e072e93a	7e3e8882fdc8c0b202e1819fd27b1c61a0e3e72764df439a9e82a58e2eff36b1
pay_1a22e9d7200e29bce3c7189597e9e91	6	2026-11-30 22:40:00+00	settled	capturing			7e3e8882fdc8c0b202e1819fd27b1c61a0e3e72764df439a9e82a58e2eff36b1	5eaa56b4d0556e620aa2a36b77f56271ba531031c9f81cf4d21ab64af0a2db96
pay_1a22e9d72004efd8b226bcf40c11f90	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=191cacb2d50f0419d3ecd0e18a2703420c6255aa3454ae2a91d7172babf9733a		748270d695a12f4edfb8c4004f8b3188acb42b61e691a51392ff12798b55de00
pay_1a22e9d72004efd8b226bcf40c11f90	2	2026-11-30 22:40:00+00	created	holding			748270d695a12f4edfb8c4004f8b3188acb42b61e691a51392ff12798b55de00	0eff3e0ae31125792ed131d7908dbcb9753a687644a3db610e9d308299e56c60
pay_1a22e9d72004efd8b226bcf40c11f90	3	2026-11-30 22:40:00+00	holding	held		held=170740 until=2026-12-07T22:40:00+00:00	0eff3e0ae31125792ed131d7908dbcb9753a687644a3db610e9d308299e56c60	109054a3d9844efda2ae4676c6b468ca71c18ad3fb6f5e10a7fb19e90b67b04e
pay_1a22e9d72004efd8b226bcf40c11f90	4	2026-11-30 22:40:00+00	held	submitting			109054a3d9844efda2ae4676c6b468ca71c18ad3fb6f5e10a7fb19e90b67b04e	42f50dc83bd4b730063a793d8d7ecdda66a60a3381386cd5c2adee712c9be783
pay_1a22e9d72004efd8b226bcf40c11f90	5	2026-11-30 22:40:00+00	submitting	rejected	not_accepted	rejected=not_accepted	42f50dc83bd4b730063a793d8d7ecdda66a60a3381386cd5c2adee712c9be783	d5e7ab38842e94643cc337e54aa1f47083452b2c119550d357779f98cdb3bd29
pay_1a22e9d720091028d4a2e51cbf90107	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=bb656c5659221d30c89e2ec9b081c7876dc580f8835e73b2ad13b4da043e848f		b49966cbdbb484816590be7c660ccfc716957b17535e7740df3c29fc2d09ab64
pay_1a22e9d720091028d4a2e51cbf90107	2	2026-11-30 22:40:00+00	created	holding			b49966cbdbb484816590be7c660ccfc716957b17535e7740df3c29fc2d09ab64	48b5cd174b37ee360cce851d83bf4f433b3f52a476c44a9e73653c66ac9a6f25
pay_1a22e9d720091028d4a2e51cbf90107	3	2026-11-30 22:40:00+00	holding	held		held=170740 until=2026-12-07T22:40:00+00:00	48b5cd174b37ee360cce851d83bf4f433b3f52a476c44a9e73653c66ac9a6f25	16dba9f6328e26fc70fa2227f4b2b6d6dbfeecf7b17067313a625a1e76cb0810
pay_1a22e9d720091028d4a2e51cbf90107	4	2026-11-30 22:40:00+00	held	submitting			16dba9f6328e26fc70fa2227f4b2b6d6dbfeecf7b17067313a625a1e76cb0810	8ae70bb8212ac3d8e33de13c51e4b4a496405138e6eb522b33e23d93e64c05d0
pay_1a22e9d720091028d4a2e51cbf90107	5	2026-11-30 22:40:00+00	submitting	rejected	not_accepted	rejected=not_accepted	8ae70bb8212ac3d8e33de13c51e4b4a496405138e6eb522b33e23d93e64c05d0	bb5d36a67bee1b11818b25534f20ff13400da255dc17601581647607fb6c6c31
pay_1a22e9d720091028d4a2e51cbf90107	6	2026-11-30 22:40:00+00	rejected	releasing	not_accepted		bb5d36a67bee1b11818b25534f20ff13400da255dc17601581647607fb6c6c31	0d6e96474bdf35bb16119d33f2eef330a0f883940579eb3b742ff4cb584d9156
pay_1a22e9d7200a0edfc72685f6db3d81e	1	2026-11-30 22:40:00+00		created		amount=170740 fee=0 total=170740 order=bcb399ee44c966623acbc304f760eee84e6590fae8efed2ad027bf7668155c11		d3407b1b49ab922a560724d2ee0345e1b4d928f7c96d4b82e24b3723a0ffd339
pay_1a22e9d7200a0edfc72685f6db3d81e	2	2026-11-30 22:40:00+00	created	holding			d3407b1b49ab922a560724d2ee0345e1b4d928f7c96d4b82e24b3723a0ffd339	089d50e824d013d39734c964415e55c15d8619472915d967e48b3f4083c792f8
pay_1a22e9d7200a0edfc72685f6db3d81e	3	2026-11-30 22:40:00+00	holding	held		held=170740 until=2026-12-07T22:40:00+00:00	089d50e824d013d39734c964415e55c15d8619472915d967e48b3f4083c792f8	7ae3e76f7af2e9529b9330051a3fa6846a3b9e72ff91e5127f417dcbf5b4ee85
pay_1a22e9d7200a0edfc72685f6db3d81e	4	2026-11-30 22:40:00+00	held	submitting			7ae3e76f7af2e9529b9330051a3fa6846a3b9e72ff91e5127f417dcbf5b4ee85	0a8e73bcad9f0a732b64cec69cd3e13f1281033814186f978b40cc0c721da93b
pay_1a22e9d7200a0edfc72685f6db3d81e	5	2026-11-30 22:40:00+00	submitting	unknown	outcome_unknown	unknown=ConnectionError	0a8e73bcad9f0a732b64cec69cd3e13f1281033814186f978b40cc0c721da93b	df22b0a091d71576ab015e166b34634de9ccf552c541a5d0aed41e94008e734d
\.
COPY public.push_choice (customer, event, wanted) FROM stdin;
\.
COPY public.push_device (id, customer, username, endpoint, p256dh, auth, created_at) FROM stdin;
\.
COPY public.push_sent (notice, device, at) FROM stdin;
\.
SELECT pg_catalog.setval('public.access_attempt_id_seq', 1, false);
SELECT pg_catalog.setval('public.bank_entry_id_seq', 42, true);
SELECT pg_catalog.setval('public.migration_id_seq', 5, true);
ALTER TABLE ONLY public.access_attempt
    ADD CONSTRAINT access_attempt_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.access_secret
    ADD CONSTRAINT access_secret_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.access_session
    ADD CONSTRAINT access_session_pkey PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.access_user
    ADD CONSTRAINT access_user_pkey PRIMARY KEY (username);
ALTER TABLE ONLY public.bank_account
    ADD CONSTRAINT bank_account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bank_entry
    ADD CONSTRAINT bank_entry_once UNIQUE (subject, kind, account);
ALTER TABLE ONLY public.bank_entry
    ADD CONSTRAINT bank_entry_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bank_hold
    ADD CONSTRAINT bank_hold_pkey PRIMARY KEY (order_id);
ALTER TABLE ONLY public.contract
    ADD CONSTRAINT contract_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.exchange_order
    ADD CONSTRAINT exchange_order_pkey PRIMARY KEY (payment);
ALTER TABLE ONLY public.exchange_outgoing
    ADD CONSTRAINT exchange_outgoing_pkey PRIMARY KEY (biller, name);
ALTER TABLE ONLY public.exchange_register
    ADD CONSTRAINT exchange_register_pkey PRIMARY KEY (biller, reference_key);
ALTER TABLE ONLY public.exchange_taken
    ADD CONSTRAINT exchange_taken_pkey PRIMARY KEY (biller, name);
ALTER TABLE ONLY public.exchange_turn
    ADD CONSTRAINT exchange_turn_pkey PRIMARY KEY (biller);
ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (customer, key);
ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_once UNIQUE (app_name, name);
ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payment_event
    ADD CONSTRAINT payment_event_pkey PRIMARY KEY (payment, version);
ALTER TABLE ONLY public.payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.push_choice
    ADD CONSTRAINT push_choice_pkey PRIMARY KEY (customer, event);
ALTER TABLE ONLY public.push_device
    ADD CONSTRAINT push_device_endpoint UNIQUE (endpoint);
ALTER TABLE ONLY public.push_device
    ADD CONSTRAINT push_device_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.push_sent
    ADD CONSTRAINT push_sent_pkey PRIMARY KEY (notice, device);
CREATE INDEX access_attempt_at ON public.access_attempt USING btree (at);
CREATE INDEX access_attempt_source ON public.access_attempt USING btree (source, at);
CREATE INDEX access_attempt_username ON public.access_attempt USING btree (username, at);
CREATE INDEX access_session_expires ON public.access_session USING btree (expires_at);
CREATE INDEX access_session_username ON public.access_session USING btree (username);
CREATE INDEX bank_account_customer ON public.bank_account USING btree (customer);
CREATE INDEX contract_due ON public.contract USING btree (due_at) WHERE (removed_at IS NULL);
CREATE UNIQUE INDEX contract_reference ON public.contract USING btree (customer, biller, reference_key) WHERE (removed_at IS NULL);
CREATE INDEX delivery_due ON public.delivery USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE UNIQUE INDEX delivery_subject ON public.delivery USING btree (channel, hook, subject, version);
CREATE INDEX exchange_order_file ON public.exchange_order USING btree (biller, name);
CREATE INDEX exchange_unsent ON public.exchange_outgoing USING btree (biller) WHERE (sent_at IS NULL);
CREATE INDEX invoice_biller ON public.invoice USING btree (biller, invoice_key);
CREATE UNIQUE INDEX invoice_contract ON public.invoice USING btree (contract, invoice_key) WHERE (contract IS NOT NULL);
CREATE INDEX invoice_customer ON public.invoice USING btree (customer, id) WHERE (contract IS NOT NULL);
CREATE INDEX invoice_quote ON public.invoice USING btree (read_at) WHERE (contract IS NULL);
CREATE INDEX notice_customer ON public.notice USING btree (customer, id);
CREATE UNIQUE INDEX notice_event ON public.notice USING btree (customer, event, invoice, invoice_version);
CREATE INDEX payment_customer ON public.payment USING btree (customer, id);
CREATE INDEX payment_due ON public.payment USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE UNIQUE INDEX payment_live ON public.payment USING btree (biller, invoice_key) WHERE (state = ANY (ARRAY['holding'::text, 'held'::text, 'submitting'::text, 'settled'::text, 'rejected'::text, 'not_sent'::text, 'pending'::text, 'unknown'::text, 'under_review'::text, 'capturing'::text, 'releasing'::text]));
CREATE UNIQUE INDEX payment_occupied ON public.payment USING btree (biller, invoice_key, part) WHERE (state = ANY (ARRAY['holding'::text, 'held'::text, 'submitting'::text, 'settled'::text, 'rejected'::text, 'not_sent'::text, 'pending'::text, 'unknown'::text, 'under_review'::text, 'capturing'::text, 'paid'::text, 'releasing'::text]));
CREATE INDEX payment_pending ON public.payment USING btree (biller, id) WHERE (state = 'pending'::text);
CREATE INDEX push_device_customer ON public.push_device USING btree (customer, id);
CREATE INDEX push_sent_at ON public.push_sent USING btree (at);
CREATE INDEX push_sent_device ON public.push_sent USING btree (device);
ALTER TABLE ONLY public.access_session
    ADD CONSTRAINT access_session_username_fkey FOREIGN KEY (username) REFERENCES public.access_user(username) ON DELETE CASCADE;
ALTER TABLE ONLY public.exchange_order
    ADD CONSTRAINT exchange_order_biller_name_fkey FOREIGN KEY (biller, name) REFERENCES public.exchange_outgoing(biller, name);
ALTER TABLE ONLY public.exchange_order
    ADD CONSTRAINT exchange_order_payment_fkey FOREIGN KEY (payment) REFERENCES public.payment(id);
ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT idempotency_payment_fkey FOREIGN KEY (payment) REFERENCES public.payment(id);
ALTER TABLE ONLY public.invoice
    ADD CONSTRAINT invoice_contract_fkey FOREIGN KEY (contract) REFERENCES public.contract(id);
ALTER TABLE ONLY public.payment_event
    ADD CONSTRAINT payment_event_payment_fkey FOREIGN KEY (payment) REFERENCES public.payment(id);
ALTER TABLE ONLY public.push_sent
    ADD CONSTRAINT push_sent_device_fkey FOREIGN KEY (device) REFERENCES public.push_device(id) ON UPDATE CASCADE ON DELETE CASCADE;
