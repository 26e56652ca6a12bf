// Written by scripts/docs-client.ts from the API's OpenAPI document: change the API, then run `npm run docs`.

export interface paths {
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events
         * @description By acceptance, at most 1 s behind.
         *
         *     Needs the role `viewer`.
         */
        get: operations["getEvents"];
        put?: never;
        /**
         * Publish an event
         * @description 202 means that Redis has the event: it will be delivered to each webhook that matches, or become a dead letter. After a 503 or a broken connection it may have been taken: repeat it with the same `id` (or `Idempotency-Key` header), which is safe for at least 24 hours.
         *
         *     Needs the role `publisher`.
         */
        post: operations["postEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish up to 1,000 events
         * @description A JSON array, or NDJSON with one event a line, up to 16 MiB. Each entry has a result of its own, in order; a bad entry harms no other. When Redis took none of them the whole answer is a 503.
         *
         *     Needs the role `publisher`.
         */
        post: operations["postEventsBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an event
         * @description With its deliveries, or why there are none. An event that has just been accepted has none yet.
         *
         *     Needs the role `viewer`.
         *
         *     Also for a portal's token, within its tenant.
         */
        get: operations["getEventsById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event again
         * @description To all enabled webhooks that match it now, or to those named. A webhook that had it before gets it under the same ids.
         *
         *     Needs the role `admin`.
         */
        post: operations["postEventsByIdReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks
         * @description Needs the role `viewer`.
         *
         *     Also for a portal's token, within its tenant.
         */
        get: operations["getWebhooks"];
        put?: never;
        /**
         * Create a webhook
         * @description Every event published after the answer goes to it. The answer shows its secret.
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        post: operations["postWebhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/check-url": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a URL before it is saved
         * @description Resolves its host, connects, and makes the TLS handshake, as an attempt would and by the same rules of addresses; no request is sent. 20 times a minute for each tenant.
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        post: operations["postWebhooksCheckUrl"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook
         * @description Needs the role `viewer`.
         *
         *     Also for a portal's token, within its tenant.
         */
        get: operations["getWebhooksById"];
        put?: never;
        post?: never;
        /**
         * Delete a webhook
         * @description Nothing more is sent; a task cancels its open deliveries.
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        delete: operations["deleteWebhooksById"];
        options?: never;
        head?: never;
        /**
         * Change a webhook
         * @description Holds for every event published after the answer; attempts that are due use the new settings too. A `url` closes the circuit. `enabled: false` is the same as disabling it.
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        patch: operations["patchWebhooksById"];
        trace?: never;
    };
    "/v1/webhooks/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a webhook's secrets
         * @description Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        get: operations["getWebhooksByIdSecret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate a webhook's secret
         * @description Until the overlap ends, every attempt carries a signature by each live secret; where the header has room for one (`logto`, one of its own), by the oldest. With the newest secret once more nothing is rotated: the ones before it end after `overlapSeconds`, if that is earlier.
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        post: operations["postWebhooksByIdRotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Disable a webhook
         * @description No new deliveries are made and nothing more is sent; a task turns its open deliveries into dead letters (`disabled`).
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        post: operations["postWebhooksByIdDisable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enable a webhook
         * @description Events published from now on go to it.
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        post: operations["postWebhooksByIdEnable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a webhook
         * @description Deliveries park: the time does not count and nothing is lost.
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        post: operations["postWebhooksByIdPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a webhook
         * @description What was parked is sent.
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        post: operations["postWebhooksByIdResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test event
         * @description One attempt, at once, signed as any other, also to a webhook that is disabled or paused. It stands in no log and is not repeated.
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        post: operations["postWebhooksByIdTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a webhook has been doing
         * @description At most 1 s behind.
         *
         *     Needs the role `viewer`.
         *
         *     Also for a portal's token, within its tenant.
         */
        get: operations["getWebhooksByIdStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a webhook again what it got, or missed
         * @description Events accepted from `since` until `until` (default: now). `failed`: its dead deliveries · `missing`: events it matches now and never had · `all`: both, and what was delivered or cancelled. Open deliveries are left alone: they are sent anyway.
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        post: operations["postWebhooksByIdReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries
         * @description Newest event first, at most 1 s behind, without the headers and bodies of their attempts. `event` names an event of `tenant` (default: the key's, else `default`).
         *
         *     Needs the role `viewer`.
         *
         *     Also for a portal's token, within its tenant.
         */
        get: operations["getDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a delivery with all of its attempts
         * @description Needs the role `viewer`.
         *
         *     Also for a portal's token, within its tenant.
         */
        get: operations["getDeliveriesById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}/request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the request of a delivery as it would be sent now
         * @description Signed with the live secrets, with the values of custom headers, by the current settings of its webhook. Nothing is sent and nothing changes.
         *
         *     Needs the role `admin`.
         */
        get: operations["getDeliveriesByIdRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again now
         * @description Whatever its status: the same ids, attempts appended, its retry policy anew.
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        post: operations["postDeliveriesByIdRetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an open delivery
         * @description An attempt that is in the air goes on, and counts if it succeeds.
         *
         *     Needs the role `admin`.
         */
        post: operations["postDeliveriesByIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List dead letters
         * @description `since` and `until` are about when they died. At most 1 s behind.
         *
         *     Needs the role `viewer`.
         */
        get: operations["getDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Redrive dead letters
         * @description They are sent again under the same ids, with their retry policies anew. By `ids`, by a filter, or with `all`; those that die later are left alone.
         *
         *     Needs the role `admin`.
         */
        post: operations["postDeadLettersRedrive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/purge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Purge dead letters
         * @description They are given up: no redrive finds them, and their history ends with its retention. By `ids`, by a filter, or with `all`; those that die later are left alone.
         *
         *     Needs the role `admin`.
         */
        post: operations["postDeadLettersPurge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tasks
         * @description Needs the role `viewer`.
         */
        get: operations["getTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how far a task is
         * @description Needs the role `viewer`.
         *
         *     Also for a portal's token, within its tenant.
         */
        get: operations["getTasksById"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a task
         * @description It stops after the deliveries that it is just handling; what was done stays done.
         *
         *     Needs the role `admin`.
         *
         *     Also for a portal's token, within its tenant.
         */
        post: operations["postTasksByIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Attempts as they end
         * @description Server-sent events `attempt` with `{delivery, event, webhook, tenant, type, number, outcome, statusCode, durationMs, at}`. A reader that cannot keep up misses some and is told by an event `missed`. The stream ends when its API key is deleted or its session ends.
         *
         *     Needs the role `viewer`.
         */
        get: operations["getStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sources
         * @description Needs the role `viewer`.
         */
        get: operations["getSources"];
        put?: never;
        /**
         * Create a source
         * @description Somebody else's webhooks, posted to its `path`, become events: verified, taken once, and delivered to every webhook that subscribes to their type.
         *
         *     Needs the role `admin`.
         */
        post: operations["postSources"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sources/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a source
         * @description Needs the role `viewer`.
         */
        get: operations["getSourcesById"];
        put?: never;
        post?: never;
        /**
         * Delete a source
         * @description Its path answers 404. What it has taken is delivered.
         *
         *     Needs the role `admin`.
         */
        delete: operations["deleteSourcesById"];
        options?: never;
        head?: never;
        /**
         * Change a source
         * @description Holds for every request that arrives after the answer.
         *
         *     Needs the role `admin`.
         */
        patch: operations["patchSourcesById"];
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description Needs the role `viewer`.
         */
        get: operations["getApiKeys"];
        put?: never;
        /**
         * Create an API key
         * @description The key is shown in this answer only. A tenant's admin makes keys of its own tenant; without `tenant`, a key of all tenants makes one of all tenants.
         *
         *     Needs the role `admin`.
         */
        post: operations["postApiKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete an API key
         * @description Once this is answered, no process of this installation accepts the key any more.
         *
         *     Needs the role `admin`.
         */
        delete: operations["deleteApiKeysById"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is asking
         * @description Also for a bare key, which has no end, and for a portal's token.
         *
         *     Needs a key of any role.
         *
         *     Also for a portal's token, within its tenant.
         */
        get: operations["getSession"];
        put?: never;
        /**
         * Sign in to the dashboard
         * @description Exchanges an API key for a cookie that every route accepts in its place: `__Host-posthorn` over TLS, `posthorn` over plain HTTP, which only `localhost` may use unless `POSTHORN_SIGN_IN_OVER_HTTP` says otherwise. It ends after 24 h, after 8 h without use, when it is signed out, and with its key.
         */
        post: operations["postSession"];
        /**
         * Sign out
         * @description Ends the session on every replica, with its live streams, and takes the cookie back; or ends the portal's token that is sent.
         *
         *     Needs a key of any role.
         *
         *     Also for a portal's token, within its tenant.
         */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/portal-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a link to a tenant's portal
         * @description Whoever opens it manages the webhooks of this tenant: creates, changes, tests and replays them, sees their secrets and deliveries. Routes that a portal's token may use say so. It ends at `expiresAt`, with the key that made it, or by `DELETE`. Make one when it is asked for, and give it to nobody else.
         *
         *     Needs the role `admin`.
         */
        post: operations["postPortalLinks"];
        /**
         * End all links to a tenant's portal
         * @description Once this is answered, no process of this installation accepts their tokens.
         *
         *     Needs the role `admin`.
         */
        delete: operations["deletePortalLinks"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How deliveries are doing
         * @description Counters, percentiles and a series like those of one webhook, over all of a tenant or of all tenants; what stands open now; and one sentence on what is wrong and why. At most 2 s behind. Counters of a tenant begin with the version that brought them.
         *
         *     Needs the role `viewer`.
         */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Queues, workers, Redis and circuits
         * @description For a key of all tenants; the key of a tenant is answered 403.
         *
         *     Needs the role `viewer`.
         */
        get: operations["getOperations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Alive: {
            /** @constant */
            status: "ok";
        };
        ApiKey: {
            id: string;
            name: string;
            role: components["schemas"]["Role"];
            /** @description Absent: the key sees all tenants */
            tenant?: components["schemas"]["Tenant"];
            /** Format: date-time */
            createdAt: string;
        };
        ApiKeyInput: {
            name: string;
            role: components["schemas"]["Role"];
            tenant?: components["schemas"]["Tenant"];
        };
        /** @description Headers, bodies and timings are kept of failed attempts and of each webhook's last 100 successes */
        Attempt: {
            number: number;
            /** @enum {string} */
            trigger: "automatic" | "manual" | "replay";
            /** @description RFC 3339, UTC, milliseconds */
            startedAt: string;
            durationMs: number;
            /** @enum {string} */
            outcome: "success" | "http_error" | "redirect" | "timeout" | "dns" | "connect" | "tls" | "reset" | "protocol" | "blocked";
            statusCode?: number;
            error?: string;
            /** @description Bytes of the body that were read */
            responseBytes: number;
            /** @description Signatures and secrets are masked */
            requestHeaders?: {
                [key: string]: string;
            };
            responseHeaders?: {
                [key: string]: string;
            };
            /** @description At most 16 KiB */
            responseBody?: string;
            /**
             * @description Set when the body is not UTF-8 text
             * @constant
             */
            responseBodyEncoding?: "base64";
            timings?: components["schemas"]["AttemptTimings"];
        };
        /** @description A stage that was not reached is left out; the one in which the attempt ended counts until then */
        AttemptTimings: {
            dnsMs?: number;
            /** @description TCP, or the way through the egress proxy */
            connectMs?: number;
            tlsMs?: number;
            /** @description From the request to the answer's headers */
            firstByteMs?: number;
            bodyMs?: number;
            /** @description On a kept connection: nothing before the request */
            reused: boolean;
        };
        BatchResult: {
            id: components["schemas"]["EventId"];
            duplicate: boolean;
        } | {
            problem: components["schemas"]["Problem"];
        };
        BatchResults: {
            results: components["schemas"]["BatchResult"][];
        };
        Cause: {
            /** @enum {string} */
            severity: "ok" | "notice" | "warning" | "critical";
            /** @description What is wrong and why, for a person */
            sentence: string;
            /** @description The webhook at fault, if it is one */
            webhook?: string;
            /** @description RFC 3339, UTC, milliseconds */
            since?: string;
        };
        CheckUrl: {
            /** @description http(s), without credentials */
            url: string;
            tenant?: components["schemas"]["Tenant"];
        };
        /** @description Absent: the installation's */
        CircuitBreaker: {
            enabled?: boolean;
            /** @description Failures in a row, over at least 5 deliveries, that open it */
            failures?: number;
            /** @description From opening to the first probe; doubles with each failed one */
            probeSeconds?: number;
            /** @description Longest wait between probes */
            maxProbeSeconds?: number;
        };
        CreatedApiKey: {
            id: string;
            name: string;
            role: components["schemas"]["Role"];
            /** @description Absent: the key sees all tenants */
            tenant?: components["schemas"]["Tenant"];
            /** Format: date-time */
            createdAt: string;
            /** @description Shown once; only its hash is stored */
            key: string;
        };
        CreatedWebhook: {
            id: string;
            tenant: components["schemas"]["Tenant"];
            url: string;
            eventTypes: string[];
            name?: string;
            description?: string;
            enabled: boolean;
            disabledReason?: string;
            paused: boolean;
            /** @description Open: deliveries wait, and one at a time is tried (half open) */
            circuit: {
                /** @enum {string} */
                state: "closed" | "open" | "half_open";
                /** @description In a row, if any */
                failures?: number;
                /**
                 * Format: date-time
                 * @description Its first failure since a success
                 */
                failingSince?: string;
                /** @description Outcome of the last failure */
                reason?: string;
                /**
                 * Format: date-time
                 * @description When it opened
                 */
                since?: string;
                /**
                 * Format: date-time
                 * @description When one delivery is tried
                 */
                nextProbeAt?: string;
            };
            headers: {
                [key: string]: "***";
            };
            /** @description Absent: the installation's */
            retryPolicy?: components["schemas"]["RetryPolicy"];
            /** @description Absent: the installation's */
            timeoutMs?: number;
            /** @description At most `limit` requests in any `periodSeconds`, retries too; the rest waits */
            rateLimit?: {
                limit: number;
                periodSeconds: number;
            };
            /** @description Requests in the air at once, over all workers; the rest waits */
            maxConcurrency?: number;
            ordered: boolean;
            circuitBreaker?: components["schemas"]["CircuitBreaker"];
            propagateTrace: boolean;
            /**
             * @description What the body is: `standard` `{"type", "timestamp", "data"}`; `raw` the bytes of `data`; `cloudevents` and `cloudevents-binary` CloudEvents 1.0 by its structured or binary HTTP mode; `logto` as Logto sends it. Default `standard`
             * @enum {string}
             */
            format: "standard" | "raw" | "cloudevents" | "cloudevents-binary" | "logto";
            /** @description How requests are signed: `v1` (HMAC) or `v1a` (Ed25519) of Standard Webhooks, as Logto does, or by a header of its own. Default `v1` */
            signature: ("v1" | "v1a" | "logto") | components["schemas"]["CustomSignature"];
            /** @description Only events whose `data` fits are sent, e.g. `{"order": {"status": ["paid", "refunded"], "total": {"$gte": 100}}}`. Members must all fit, of a list one; operators: `$gt`, `$gte`, `$lt`, `$lte`, `$startsWith`, `$endsWith`, `$exists`, `$not`, `$or`. Where the data holds a list, one of its elements must fit */
            filter?: {
                [key: string]: unknown;
            };
            metadata: {
                [key: string]: string;
            };
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            secret: string;
            /** @description Of `v1a`: `whpk_…`, with which a subscriber verifies */
            publicKey?: string;
        };
        CustomSignature: {
            /** @description The header with the signature */
            header: string;
            /**
             * @description Of the HMAC
             * @default sha256
             * @enum {string}
             */
            algorithm: "sha1" | "sha256" | "sha512";
            /**
             * @default hex
             * @enum {string}
             */
            encoding: "hex" | "base64";
            /**
             * @description What stands before the signature, e.g. `sha256=`
             * @default
             */
            prefix: string;
            /**
             * @description What is signed: `{body}` once, and `{timestamp}` (of `webhook-timestamp`) and `{id}` (of `webhook-id`) where they are to stand
             * @default {body}
             */
            signs: string;
        };
        CustomSignatureInput: {
            /** @description The header with the signature */
            header: string;
            /**
             * @description Of the HMAC
             * @default sha256
             * @enum {string}
             */
            algorithm?: "sha1" | "sha256" | "sha512";
            /**
             * @default hex
             * @enum {string}
             */
            encoding?: "hex" | "base64";
            /**
             * @description What stands before the signature, e.g. `sha256=`
             * @default
             */
            prefix?: string;
            /**
             * @description What is signed: `{body}` once, and `{timestamp}` (of `webhook-timestamp`) and `{id}` (of `webhook-id`) where they are to stand
             * @default {body}
             */
            signs?: string;
        };
        DeadLetter: {
            /** @description The delivery's id */
            id: string;
            event: string;
            webhook: string;
            type: string;
            tenant: string;
            reason: components["schemas"]["DeadReason"];
            /** @description null if nothing was ever sent */
            lastOutcome: ("success" | "http_error" | "redirect" | "timeout" | "dns" | "connect" | "tls" | "reset" | "protocol" | "blocked") | null;
            lastStatusCode?: number;
            /** @description RFC 3339, UTC, milliseconds */
            deadAt: string;
        };
        DeadLetterCommand: {
            ids?: string[];
            webhook?: string;
            type?: components["schemas"]["EventType"];
            reason?: components["schemas"]["DeadReason"];
            /**
             * Format: date-time
             * @description RFC 3339 time
             */
            since?: string;
            /**
             * Format: date-time
             * @description RFC 3339 time
             */
            until?: string;
            tenant?: components["schemas"]["Tenant"];
            all?: boolean;
            /** @description Deliveries per second at the most */
            ratePerSecond?: number;
            /** @description Only counts */
            dryRun?: boolean;
        };
        /** @enum {string} */
        DeadReason: "exhausted" | "gone" | "disabled" | "expired";
        Delivery: {
            id: string;
            event: string;
            webhook: string;
            tenant: string;
            type: string;
            status: components["schemas"]["DeliveryStatus"];
            /** @description RFC 3339, UTC, milliseconds */
            createdAt: string;
            /** @description RFC 3339, UTC, milliseconds */
            nextAttemptAt?: string;
            /** @description RFC 3339, UTC, milliseconds */
            deliveredAt?: string;
            reason?: components["schemas"]["DeadReason"];
            attempts: components["schemas"]["Attempt"][];
        };
        DeliveryRequest: {
            /** @constant */
            method: "POST";
            url: string;
            headers: {
                [key: string]: string;
            };
            /** @description The very bytes that are signed */
            body: string;
        };
        /**
         * @description `pending`: first attempt due or in the air · `retrying`: failed, will be tried again · `parked`: its webhook is not ready · `delivered` · `dead`: a dead letter, or one that was · `cancelled`
         * @enum {string}
         */
        DeliveryStatus: "pending" | "retrying" | "parked" | "delivered" | "dead" | "cancelled";
        DisableWebhook: {
            reason?: string;
        };
        Event: {
            id: string;
            type: string;
            tenant: string;
            /** @description RFC 3339, UTC, milliseconds */
            timestamp: string;
            /** @description RFC 3339, UTC, milliseconds */
            createdAt: string;
            labels: {
                [key: string]: string;
            };
            /** @description The producer's bytes, unchanged */
            data: unknown;
            deliveries: {
                id: string;
                webhook: string;
                status: components["schemas"]["DeliveryStatus"];
            }[];
            /** @enum {string} */
            unmatchedReason?: "no_webhooks" | "no_type" | "disabled" | "filtered";
        };
        /** @description The producer's own id, or one that Posthorn made */
        EventId: string;
        /**
         * @example user.created
         * @example PostSignIn
         */
        EventType: string;
        /** @description Shown and searchable here; not sent to subscribers */
        Labels: {
            [key: string]: string;
        };
        ListedWebhook: {
            id: string;
            tenant: components["schemas"]["Tenant"];
            url: string;
            eventTypes: string[];
            name?: string;
            description?: string;
            enabled: boolean;
            disabledReason?: string;
            paused: boolean;
            /** @description Open: deliveries wait, and one at a time is tried (half open) */
            circuit: {
                /** @enum {string} */
                state: "closed" | "open" | "half_open";
                /** @description In a row, if any */
                failures?: number;
                /**
                 * Format: date-time
                 * @description Its first failure since a success
                 */
                failingSince?: string;
                /** @description Outcome of the last failure */
                reason?: string;
                /**
                 * Format: date-time
                 * @description When it opened
                 */
                since?: string;
                /**
                 * Format: date-time
                 * @description When one delivery is tried
                 */
                nextProbeAt?: string;
            };
            headers: {
                [key: string]: "***";
            };
            /** @description Absent: the installation's */
            retryPolicy?: components["schemas"]["RetryPolicy"];
            /** @description Absent: the installation's */
            timeoutMs?: number;
            /** @description At most `limit` requests in any `periodSeconds`, retries too; the rest waits */
            rateLimit?: {
                limit: number;
                periodSeconds: number;
            };
            /** @description Requests in the air at once, over all workers; the rest waits */
            maxConcurrency?: number;
            ordered: boolean;
            circuitBreaker?: components["schemas"]["CircuitBreaker"];
            propagateTrace: boolean;
            /**
             * @description What the body is: `standard` `{"type", "timestamp", "data"}`; `raw` the bytes of `data`; `cloudevents` and `cloudevents-binary` CloudEvents 1.0 by its structured or binary HTTP mode; `logto` as Logto sends it. Default `standard`
             * @enum {string}
             */
            format: "standard" | "raw" | "cloudevents" | "cloudevents-binary" | "logto";
            /** @description How requests are signed: `v1` (HMAC) or `v1a` (Ed25519) of Standard Webhooks, as Logto does, or by a header of its own. Default `v1` */
            signature: ("v1" | "v1a" | "logto") | components["schemas"]["CustomSignature"];
            /** @description Only events whose `data` fits are sent, e.g. `{"order": {"status": ["paid", "refunded"], "total": {"$gte": 100}}}`. Members must all fit, of a list one; operators: `$gt`, `$gte`, `$lt`, `$lte`, `$startsWith`, `$endsWith`, `$exists`, `$not`, `$or`. Where the data holds a list, one of its elements must fit */
            filter?: {
                [key: string]: unknown;
            };
            metadata: {
                [key: string]: string;
            };
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description With `include=stats` */
            stats?: components["schemas"]["WebhookSummary"];
        };
        Now: {
            /** @description Deliveries that wait for their first attempt, or are in it */
            pending: number;
            retrying: number;
            parked: number;
            deadLetters: number;
            /** @description When the oldest event with an open delivery was accepted */
            oldestOpenAt: string | null;
            /** @description Over the last minute */
            attemptsPerSecond: number;
            /** @description Over the last minute */
            deliveredPerSecond: number;
            /** @description Until pending and parked ones are delivered at this pace; null without any */
            secondsToDrain: number | null;
            /** @description Workers alive. Only where all tenants are seen */
            workers?: number;
            /** @description How long the oldest due job has waited. Only where all tenants are seen */
            oldestWaitingMs?: number;
        };
        OperationsReport: {
            queues: {
                queue: string;
                waiting: number;
                active: number;
                delayed: number;
                failed: number;
                oldestWaitingMs: number;
            }[];
            workers: {
                id: string;
                host: string;
                pid: number;
                version?: string;
                /** @description RFC 3339, UTC, milliseconds */
                startedAt: string;
                /** @description RFC 3339, UTC, milliseconds */
                lastSeenAt: string;
                /** @description Attempts in the air */
                inFlight: number;
                /** @description Longest since its last sign of life */
                loopLagMs?: number;
                /** @description When an attempt of it last ended */
                lastProgressAt?: string;
            }[];
            /** @description null: it does not answer */
            redis: {
                version: string;
                usedBytes: number;
                /** @description 0: no limit */
                maxBytes: number;
                /** @description From 0.85 on no event is accepted */
                memoryRatio: number;
                /** @description null: Redis does not say */
                aofEnabled: boolean | null;
                evictionPolicy: string;
                replicasOnline: number;
                /** @description Why it may lose events */
                dangers: string[];
            } | null;
            circuits: {
                /** @description All that are not closed */
                open: number;
                /** @description At most 50 of them */
                data: {
                    webhook: string;
                    tenant: string;
                    url: string;
                    /** @enum {string} */
                    state: "open" | "half_open";
                    reason: string;
                    failures: number;
                    /** @description RFC 3339, UTC, milliseconds */
                    since: string;
                    /** @description RFC 3339, UTC, milliseconds */
                    nextProbeAt: string;
                    parked: number;
                }[];
            };
        };
        PortalLink: {
            /** @description To open, or to frame. It holds the token: whoever has it has its rights */
            url: string;
            /** @description The bearer by itself; only its hash is stored */
            token: string;
            tenant: components["schemas"]["Tenant"];
            /** Format: date-time */
            expiresAt: string;
        };
        PortalLinkInput: {
            /** @description Whose webhooks and deliveries */
            tenant: components["schemas"]["Tenant"];
            /**
             * @description A minute to 7 days; default 1 h
             * @default 3600
             */
            expiresInSeconds?: number;
            theme?: components["schemas"]["PortalTheme"];
        };
        /** @description How the portal looks; absent: as Posthorn does */
        PortalTheme: {
            /**
             * @description Default: the background's, else `system`
             * @enum {string}
             */
            colorScheme?: "light" | "dark" | "system";
            /** @description Buttons and links; made darker or lighter where it could not be read */
            accent?: string;
            /** @description Of the page: a light or a dark colour */
            background?: string;
            /** @description A font of the reader's device, or `system-ui`, `serif`, `monospace` */
            font?: string;
            /** @description Of corners, in pixels */
            radius?: number;
        };
        /** @description RFC 9457 problem details; `code` is permanent */
        Problem: {
            /** @description URI reference that names the kind of problem */
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: "malformed_request" | "malformed_json" | "unauthenticated" | "source_unverified" | "forbidden" | "foreign_tenant" | "cross_site_request" | "insecure_connection" | "not_found" | "unknown_route" | "method_not_allowed" | "event_id_reused" | "delivery_finished" | "task_finished" | "webhook_disabled" | "too_many_secrets" | "too_many_webhooks" | "payload_too_large" | "unsupported_media_type" | "invalid_input" | "invalid_query" | "invalid_cursor" | "not_available_yet" | "url_refused" | "idempotency_key_reused" | "filter_required" | "too_many_sign_ins" | "too_many_url_checks" | "too_many_changes" | "redis_unavailable" | "redis_full" | "durability_unavailable" | "egress_unavailable" | "stored_value_unreadable" | "event_undecided" | "too_much_contention" | "shutting_down" | "internal";
            errors?: {
                path: string;
                message: string;
            }[];
            requestId: string;
        };
        PublishEvent: {
            type: components["schemas"]["EventType"];
            id?: components["schemas"]["EventId"];
            tenant?: components["schemas"]["Tenant"];
            /** Format: date-time */
            timestamp?: string;
            labels?: components["schemas"]["Labels"];
            /** @description Any JSON; its bytes reach the subscriber unchanged */
            data: unknown;
        };
        PublishedEvent: {
            id: components["schemas"]["EventId"];
            type: components["schemas"]["EventType"];
            tenant: components["schemas"]["Tenant"];
            /** Format: date-time */
            timestamp: string;
            /** @description This event had been accepted before */
            duplicate: boolean;
        };
        Readiness: {
            /** @enum {string} */
            status: "ready" | "not_ready";
            reasons: string[];
            warnings: string[];
        };
        ReplayEvent: {
            webhooks?: string[];
        };
        ReplayWebhook: {
            /**
             * Format: date-time
             * @description RFC 3339 time
             */
            since: string;
            /**
             * Format: date-time
             * @description RFC 3339 time
             */
            until?: string;
            /** @enum {string} */
            only: "failed" | "missing" | "all";
            /** @description Deliveries per second at the most */
            ratePerSecond?: number;
            /** @description Only counts */
            dryRun?: boolean;
        };
        /** @description When a failed attempt is followed by another one */
        RetryPolicy: {
            /** @constant */
            type: "exponential";
            initialDelaySeconds: number;
            factor: number;
            maxDelaySeconds: number;
            maxAttempts: number;
            /** @default 0 */
            jitter: number;
        } | {
            /** @constant */
            type: "schedule";
            delaysSeconds: number[];
            /** @default 0 */
            jitter: number;
        };
        /** @description When a failed attempt is followed by another one */
        RetryPolicyInput: {
            /** @constant */
            type: "exponential";
            initialDelaySeconds: number;
            factor: number;
            maxDelaySeconds: number;
            maxAttempts: number;
            /** @default 0 */
            jitter?: number;
        } | {
            /** @constant */
            type: "schedule";
            delaysSeconds: number[];
            /** @default 0 */
            jitter?: number;
        };
        /**
         * @description `admin` all; `publisher` publishes; `viewer` reads all but secrets
         * @enum {string}
         */
        Role: "admin" | "publisher" | "viewer";
        /** @description The old secret signs beside the new one for `overlapSeconds` (where a header has room for one signature, instead of it). Secrets of earlier rotations keep their own end. */
        RotateSecret: {
            /** @default 86400 */
            overlapSeconds?: number;
            /** @description By its signature: `v1` `whsec_` and base64 of 24 to 64 bytes, `v1a` `whsk_` and base64 of a private key; else any text of 16 to 256 characters, used as its UTF-8 bytes. Made by Posthorn unless given */
            secret?: string;
            /** @description Changes with the secret. Another one is a cut: the old secrets sign no more */
            signature?: ("v1" | "v1a" | "logto") | components["schemas"]["CustomSignatureInput"];
        };
        Session: {
            /**
             * @description `portal`: a portal's token
             * @enum {string}
             */
            role: "admin" | "publisher" | "viewer" | "portal";
            /** @description Absent: all tenants */
            tenant?: components["schemas"]["Tenant"];
            /** @description The key's name; `portal` */
            name: string;
            /** @description Absent: the root key, or a portal */
            keyId?: string;
            /**
             * Format: date-time
             * @description When the session or the portal's token ends, however much it is used; absent for a bare key
             */
            expiresAt?: string;
            /** @description Unused for so long it ends earlier; absent for a bare key */
            idleTimeoutSeconds?: number;
            /**
             * @description There is one, at `/dev/receiver`: `POSTHORN_TEST_RECEIVER`
             * @constant
             */
            testReceiver?: true;
            /** @description Of a portal */
            theme?: components["schemas"]["PortalTheme"];
        };
        SignIn: {
            /** @description An API key */
            key: string;
        };
        Source: {
            id: string;
            name: string;
            /** @enum {string} */
            type: "logto" | "github" | "stripe" | "shopify" | "slack" | "standard-webhooks" | "hmac" | "basic" | "bearer" | "none";
            tenant: components["schemas"]["Tenant"];
            /** @description Where the sender posts to: `/in/src_…` */
            path: string;
            /** @description `***` for each */
            secrets: string[];
            eventType?: components["schemas"]["EventType"];
            hmac?: components["schemas"]["SourceHmac"];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description How a source of the type `hmac` is signed */
        SourceHmac: {
            /** @description Default `x-signature` */
            header?: string;
            /**
             * @description Default `sha256`
             * @enum {string}
             */
            algorithm?: "sha1" | "sha256" | "sha512";
            /**
             * @description Default `hex`
             * @enum {string}
             */
            encoding?: "hex" | "base64";
            /** @description Before it, e.g. `sha256=` */
            prefix?: string;
            /** @description What is signed: `{body}` once, and `{timestamp}` and `{id}`. Default `{body}` */
            signs?: string;
            /** @description Seconds since 1970 */
            timestampHeader?: string;
            /** @description How far that may lie from the clock. Default 300 */
            toleranceSeconds?: number;
            /** @description An id that repeats share */
            idHeader?: string;
            /** @description What happened; else `type` of the body */
            typeHeader?: string;
        };
        SourceInput: {
            name: string;
            /** @enum {string} */
            type: "logto" | "github" | "stripe" | "shopify" | "slack" | "standard-webhooks" | "hmac" | "basic" | "bearer" | "none";
            /** @description Each is accepted, so two during a rotation; `user:password` for `basic`, none for `none`. In answers `***` */
            secrets?: string[];
            /** @description Of every event of this source; without it the sender's own, `/` read as `.` */
            eventType?: components["schemas"]["EventType"];
            hmac?: components["schemas"]["SourceHmac"];
            tenant?: components["schemas"]["Tenant"];
        };
        /** @description Absent: unchanged. null: the default. The nth `***` among `secrets` keeps the nth secret that there is and is not named anew: `["new", "***"]` begins a rotation, `["***"]` ends it. */
        SourcePatch: {
            name?: string;
            /** @description Each is accepted, so two during a rotation; `user:password` for `basic`, none for `none`. In answers `***` */
            secrets?: string[];
            eventType?: components["schemas"]["EventType"] | null;
            hmac?: components["schemas"]["SourceHmac"] | null;
        };
        Stats: {
            attempts: number;
            delivered: number;
            dead: number;
            /** @description Successful attempts over all, 0 to 1; null when there was none */
            successRate: number | null;
            /** @description Durations of attempts; at most 19 % off */
            latencyMs: {
                p50: number | null;
                p95: number | null;
                p99: number | null;
            };
            /** @description Failed attempts by outcome; an outcome that did not occur is left out */
            failures: {
                [key: string]: number;
            };
            series: {
                /** @description Start of the minute (1h), hour, or day (30d, UTC) */
                at: string;
                succeeded: number;
                failed: number;
                /** @description Failed attempts by outcome; an outcome that did not occur is left out */
                failures: {
                    [key: string]: number;
                };
                p50Ms: number | null;
                p95Ms: number | null;
                p99Ms: number | null;
            }[];
            now: components["schemas"]["Now"];
            cause: components["schemas"]["Cause"];
        };
        TakenFromSource: {
            /** @description The event's */
            id: string;
            /** @description It had been taken before */
            duplicate: boolean;
        };
        Task: {
            id: string;
            /** @enum {string} */
            kind: "redrive" | "purge" | "replay" | "disable" | "delete";
            /** @enum {string} */
            state: "queued" | "running" | "done" | "cancelled" | "failed";
            /** @description Deliveries handled */
            done: number;
            /** @description Deliveries to handle, as far as they are counted yet */
            total: number;
            /** @description Deliveries that were gone before they were reached */
            failed: number;
            /** @description Absent for a task over all tenants */
            tenant?: string;
            webhook?: string;
            /** @description RFC 3339, UTC, milliseconds */
            createdAt: string;
            /** @description RFC 3339, UTC, milliseconds */
            endedAt?: string;
            /** @description Why a task has failed */
            error?: string;
        };
        /** @description A customer of the producer; default: the key's, else `default` */
        Tenant: string;
        TestResult: {
            /** @enum {string} */
            outcome: "success" | "http_error" | "redirect" | "timeout" | "dns" | "connect" | "tls" | "reset" | "protocol" | "blocked";
            statusCode?: number;
            headers?: {
                [key: string]: string;
            };
            /** @description At most 16 KiB */
            body?: string;
            error?: string;
            durationMs: number;
        };
        TestWebhook: {
            /** @default posthorn.test */
            type?: components["schemas"]["EventType"];
            /** @description Any JSON; a short greeting unless given */
            data?: unknown;
        };
        UrlCheck: {
            /** @description In its one spelling, as it would be stored */
            url: string;
            /**
             * @description Where it ended
             * @enum {string}
             */
            outcome: "success" | "dns" | "blocked" | "connect" | "tls" | "timeout";
            error?: string;
            /** @description A stage that was not reached, or is not needed, is left out */
            timings: {
                dnsMs?: number;
                connectMs?: number;
                tlsMs?: number;
            };
        };
        Webhook: {
            id: string;
            tenant: components["schemas"]["Tenant"];
            url: string;
            eventTypes: string[];
            name?: string;
            description?: string;
            enabled: boolean;
            disabledReason?: string;
            paused: boolean;
            /** @description Open: deliveries wait, and one at a time is tried (half open) */
            circuit: {
                /** @enum {string} */
                state: "closed" | "open" | "half_open";
                /** @description In a row, if any */
                failures?: number;
                /**
                 * Format: date-time
                 * @description Its first failure since a success
                 */
                failingSince?: string;
                /** @description Outcome of the last failure */
                reason?: string;
                /**
                 * Format: date-time
                 * @description When it opened
                 */
                since?: string;
                /**
                 * Format: date-time
                 * @description When one delivery is tried
                 */
                nextProbeAt?: string;
            };
            headers: {
                [key: string]: "***";
            };
            /** @description Absent: the installation's */
            retryPolicy?: components["schemas"]["RetryPolicy"];
            /** @description Absent: the installation's */
            timeoutMs?: number;
            /** @description At most `limit` requests in any `periodSeconds`, retries too; the rest waits */
            rateLimit?: {
                limit: number;
                periodSeconds: number;
            };
            /** @description Requests in the air at once, over all workers; the rest waits */
            maxConcurrency?: number;
            ordered: boolean;
            circuitBreaker?: components["schemas"]["CircuitBreaker"];
            propagateTrace: boolean;
            /**
             * @description What the body is: `standard` `{"type", "timestamp", "data"}`; `raw` the bytes of `data`; `cloudevents` and `cloudevents-binary` CloudEvents 1.0 by its structured or binary HTTP mode; `logto` as Logto sends it. Default `standard`
             * @enum {string}
             */
            format: "standard" | "raw" | "cloudevents" | "cloudevents-binary" | "logto";
            /** @description How requests are signed: `v1` (HMAC) or `v1a` (Ed25519) of Standard Webhooks, as Logto does, or by a header of its own. Default `v1` */
            signature: ("v1" | "v1a" | "logto") | components["schemas"]["CustomSignature"];
            /** @description Only events whose `data` fits are sent, e.g. `{"order": {"status": ["paid", "refunded"], "total": {"$gte": 100}}}`. Members must all fit, of a list one; operators: `$gt`, `$gte`, `$lt`, `$lte`, `$startsWith`, `$endsWith`, `$exists`, `$not`, `$or`. Where the data holds a list, one of its elements must fit */
            filter?: {
                [key: string]: unknown;
            };
            metadata: {
                [key: string]: string;
            };
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description Absent or null: the default. */
        WebhookInput: {
            /** @description http(s), without credentials */
            url: string;
            eventTypes: string[];
            tenant?: components["schemas"]["Tenant"];
            name?: string | null;
            description?: string | null;
            enabled?: boolean | null;
            headers?: {
                [key: string]: string;
            } | null;
            /** @description By its signature: `v1` `whsec_` and base64 of 24 to 64 bytes, `v1a` `whsk_` and base64 of a private key; else any text of 16 to 256 characters, used as its UTF-8 bytes. Made by Posthorn unless given */
            secret?: string;
            retryPolicy?: components["schemas"]["RetryPolicyInput"] | null;
            timeoutMs?: number | null;
            rateLimit?: {
                limit: number;
                periodSeconds: number;
            } | null;
            maxConcurrency?: number | null;
            ordered?: boolean | null;
            circuitBreaker?: components["schemas"]["CircuitBreaker"] | null;
            propagateTrace?: boolean | null;
            format?: ("standard" | "raw" | "cloudevents" | "cloudevents-binary" | "logto") | null;
            signature?: (("v1" | "v1a" | "logto") | components["schemas"]["CustomSignatureInput"]) | null;
            filter?: {
                [key: string]: unknown;
            } | null;
            metadata?: {
                [key: string]: string;
            } | null;
        };
        /** @description Absent: unchanged. null: the default. Objects are replaced whole; a header whose value is `***` keeps the value that it has. */
        WebhookPatch: {
            /** @description http(s), without credentials */
            url?: string;
            eventTypes?: string[];
            name?: string | null;
            description?: string | null;
            enabled?: boolean | null;
            headers?: {
                [key: string]: string;
            } | null;
            retryPolicy?: components["schemas"]["RetryPolicyInput"] | null;
            timeoutMs?: number | null;
            rateLimit?: {
                limit: number;
                periodSeconds: number;
            } | null;
            maxConcurrency?: number | null;
            ordered?: boolean | null;
            circuitBreaker?: components["schemas"]["CircuitBreaker"] | null;
            propagateTrace?: boolean | null;
            format?: ("standard" | "raw" | "cloudevents" | "cloudevents-binary" | "logto") | null;
            signature?: (("v1" | "v1a" | "logto") | components["schemas"]["CustomSignatureInput"]) | null;
            filter?: {
                [key: string]: unknown;
            } | null;
            metadata?: {
                [key: string]: string;
            } | null;
        };
        /** @description All live secrets, the newest apart */
        WebhookSecrets: {
            secret: string;
            /** @description Of `v1a`: `whpk_…`, with which a subscriber verifies */
            publicKey?: string;
            previous: {
                secret: string;
                /** @description Of `v1a`: `whpk_…`, with which a subscriber verifies */
                publicKey?: string;
                /** Format: date-time */
                expiresAt: string;
            }[];
        };
        WebhookStats: {
            attempts: number;
            delivered: number;
            dead: number;
            /** @description Successful attempts over all, 0 to 1; null when there was none */
            successRate: number | null;
            /** @description Durations of attempts; at most 19 % off */
            latencyMs: {
                p50: number | null;
                p95: number | null;
                p99: number | null;
            };
            /** @description Failed attempts by outcome; an outcome that did not occur is left out */
            failures: {
                [key: string]: number;
            };
            series: {
                /** @description Start of the minute (1h), hour, or day (30d, UTC) */
                at: string;
                succeeded: number;
                failed: number;
                /** @description Failed attempts by outcome; an outcome that did not occur is left out */
                failures: {
                    [key: string]: number;
                };
                p50Ms: number | null;
                p95Ms: number | null;
                p99Ms: number | null;
            }[];
        };
        /** @description The last 24 h, and what stands now */
        WebhookSummary: {
            attempts: number;
            /** @description 0 to 1; null without an attempt */
            successRate: number | null;
            p95Ms: number | null;
            /** @description By the hour, the current one last */
            series: {
                succeeded: number;
                failed: number;
                p95Ms: number | null;
            }[];
            pending: number;
            retrying: number;
            parked: number;
            deadLetters: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getEvents: {
        parameters: {
            query?: {
                /** @description How many, 1 to 250; default 50 */
                limit?: number;
                /** @description The last answer's `next`, unchanged */
                cursor?: string;
                /** @description RFC 3339 time */
                since?: string;
                /** @description RFC 3339 time */
                until?: string;
                type?: components["schemas"]["EventType"];
                tenant?: components["schemas"]["Tenant"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Event"][];
                        /** @description Cursor of the next page, null at the end */
                        next: string | null;
                    };
                };
            };
        };
    };
    postEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes a repeat safe for at least 24 hours; instead of an `id`, not with one */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "type": "user.created",
                 *       "data": {
                 *         "id": "u_1",
                 *         "name": "Ada"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PublishEvent"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedEvent"];
                };
            };
        };
    };
    postEventsBatch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example [
                 *       {
                 *         "type": "user.created",
                 *         "data": {
                 *           "id": "u_1"
                 *         }
                 *       }
                 *     ]
                 */
                "application/json": components["schemas"]["PublishEvent"][];
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description Every entry was judged */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchResults"];
                };
            };
        };
    };
    getEventsById: {
        parameters: {
            query?: {
                tenant?: components["schemas"]["Tenant"];
            };
            header?: never;
            path: {
                id: components["schemas"]["EventId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
        };
    };
    postEventsByIdReplay: {
        parameters: {
            query?: {
                tenant?: components["schemas"]["Tenant"];
            };
            header?: never;
            path: {
                id: components["schemas"]["EventId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReplayEvent"];
            };
        };
        responses: {
            /** @description They are being sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deliveries: string[];
                    };
                };
            };
        };
    };
    getWebhooks: {
        parameters: {
            query?: {
                /** @description How many, 1 to 250; default 50 */
                limit?: number;
                /** @description The last answer's `next`, unchanged */
                cursor?: string;
                tenant?: components["schemas"]["Tenant"];
                /** @description `stats`: each with its last 24 h and what stands open */
                include?: "stats";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ListedWebhook"][];
                        /** @description Cursor of the next page, null at the end */
                        next: string | null;
                    };
                };
            };
        };
    };
    postWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/hooks",
                 *       "eventTypes": [
                 *         "user.*",
                 *         "PostSignIn"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["WebhookInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
        };
    };
    postWebhooksCheckUrl: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/hooks"
                 *     }
                 */
                "application/json": components["schemas"]["CheckUrl"];
            };
        };
        responses: {
            /** @description What came of it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UrlCheck"];
                };
            };
        };
    };
    getWebhooksById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    deleteWebhooksById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patchWebhooksById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "eventTypes": [
                 *         "user.*"
                 *       ],
                 *       "timeoutMs": 5000,
                 *       "name": null
                 *     }
                 */
                "application/json": components["schemas"]["WebhookPatch"];
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    getWebhooksByIdSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that live now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecrets"];
                };
            };
        };
    };
    postWebhooksByIdRotateSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "overlapSeconds": 3600
                 *     }
                 */
                "application/json": components["schemas"]["RotateSecret"];
            };
        };
        responses: {
            /** @description All that live now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecrets"];
                };
            };
        };
    };
    postWebhooksByIdDisable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "Moved to another service"
                 *     }
                 */
                "application/json": components["schemas"]["DisableWebhook"];
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    postWebhooksByIdEnable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    postWebhooksByIdPause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    postWebhooksByIdResume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
        };
    };
    postWebhooksByIdTest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "type": "user.created",
                 *       "data": {
                 *         "id": "u_1"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["TestWebhook"];
            };
        };
        responses: {
            /** @description What came back */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestResult"];
                };
            };
        };
    };
    getWebhooksByIdStats: {
        parameters: {
            query?: {
                window?: "1h" | "24h" | "7d" | "30d";
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counters, percentiles and a series */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookStats"];
                };
            };
        };
    };
    postWebhooksByIdReplay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "since": "2026-11-24T00:00:00Z",
                 *       "only": "failed",
                 *       "dryRun": true
                 *     }
                 */
                "application/json": components["schemas"]["ReplayWebhook"];
            };
        };
        responses: {
            /** @description A dry run: how many deliveries it would be */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        count: number;
                    };
                };
            };
            /** @description The task that does it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    getDeliveries: {
        parameters: {
            query?: {
                /** @description How many, 1 to 250; default 50 */
                limit?: number;
                /** @description The last answer's `next`, unchanged */
                cursor?: string;
                /** @description RFC 3339 time */
                since?: string;
                /** @description RFC 3339 time */
                until?: string;
                webhook?: string;
                event?: components["schemas"]["EventId"];
                type?: components["schemas"]["EventType"];
                status?: components["schemas"]["DeliveryStatus"];
                tenant?: components["schemas"]["Tenant"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Delivery"][];
                        /** @description Cursor of the next page, null at the end */
                        next: string | null;
                    };
                };
            };
        };
    };
    getDeliveriesById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
        };
    };
    getDeliveriesByIdRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryRequest"];
                };
            };
        };
    };
    postDeliveriesByIdRetry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description It is being sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
        };
    };
    postDeliveriesByIdCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description It is cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
        };
    };
    getDeadLetters: {
        parameters: {
            query?: {
                /** @description How many, 1 to 250; default 50 */
                limit?: number;
                /** @description The last answer's `next`, unchanged */
                cursor?: string;
                /** @description RFC 3339 time */
                since?: string;
                /** @description RFC 3339 time */
                until?: string;
                webhook?: string;
                type?: components["schemas"]["EventType"];
                reason?: components["schemas"]["DeadReason"];
                tenant?: components["schemas"]["Tenant"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Latest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["DeadLetter"][];
                        /** @description Cursor of the next page, null at the end */
                        next: string | null;
                    };
                };
            };
        };
    };
    postDeadLettersRedrive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "exhausted",
                 *       "dryRun": true
                 *     }
                 */
                "application/json": components["schemas"]["DeadLetterCommand"];
            };
        };
        responses: {
            /** @description A dry run: how many deliveries it would be */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        count: number;
                    };
                };
            };
            /** @description The task that does it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    postDeadLettersPurge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "exhausted",
                 *       "dryRun": true
                 *     }
                 */
                "application/json": components["schemas"]["DeadLetterCommand"];
            };
        };
        responses: {
            /** @description A dry run: how many deliveries it would be */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        count: number;
                    };
                };
            };
            /** @description The task that does it */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    getTasks: {
        parameters: {
            query?: {
                /** @description How many, 1 to 250; default 50 */
                limit?: number;
                /** @description The last answer's `next`, unchanged */
                cursor?: string;
                tenant?: components["schemas"]["Tenant"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Task"][];
                        /** @description Cursor of the next page, null at the end */
                        next: string | null;
                    };
                };
            };
        };
    };
    getTasksById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    postTasksByIdCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description It is cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
        };
    };
    getStream: {
        parameters: {
            query?: {
                tenant?: components["schemas"]["Tenant"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
        };
    };
    getSources: {
        parameters: {
            query?: {
                /** @description How many, 1 to 250; default 50 */
                limit?: number;
                /** @description The last answer's `next`, unchanged */
                cursor?: string;
                tenant?: components["schemas"]["Tenant"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Source"][];
                        /** @description Cursor of the next page, null at the end */
                        next: string | null;
                    };
                };
            };
        };
    };
    postSources: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "sign-in",
                 *       "type": "logto",
                 *       "secrets": [
                 *         "the signing key of its webhook"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SourceInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
        };
    };
    getSourcesById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The source */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
        };
    };
    deleteSourcesById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patchSourcesById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "secrets": [
                 *         "the new signing key",
                 *         "***"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SourcePatch"];
            };
        };
        responses: {
            /** @description As it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Source"];
                };
            };
        };
    };
    getApiKeys: {
        parameters: {
            query?: {
                /** @description How many, 1 to 250; default 50 */
                limit?: number;
                /** @description The last answer's `next`, unchanged */
                cursor?: string;
                tenant?: components["schemas"]["Tenant"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ApiKey"][];
                        /** @description Cursor of the next page, null at the end */
                        next: string | null;
                    };
                };
            };
        };
    };
    postApiKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "sign-in service",
                 *       "role": "publisher",
                 *       "tenant": "acme"
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
        };
    };
    deleteApiKeysById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session, or the key */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    postSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "key": "phk_…"
                 *     }
                 */
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Signed in; the cookie is set */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Signed out */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    postPortalLinks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "tenant": "acme",
                 *       "expiresInSeconds": 3600,
                 *       "theme": {
                 *         "accent": "#0f766e"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PortalLinkInput"];
            };
        };
        responses: {
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PortalLink"];
                };
            };
        };
    };
    deletePortalLinks: {
        parameters: {
            query: {
                tenant: components["schemas"]["Tenant"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    getStats: {
        parameters: {
            query?: {
                window?: "1h" | "24h" | "7d" | "30d";
                tenant?: components["schemas"]["Tenant"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counters, the present and its cause */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
        };
    };
    getOperations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As they are now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationsReport"];
                };
            };
        };
    };
}
