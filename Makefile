# Two commands do it all: `make up` brings up the management cluster, `make test` proves that it works.
STACK ?= dev
# Further options for Pulumi: make preview ARGS=--diff
ARGS ?=

SHELL := bash
.DEFAULT_GOAL := help
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.* ## .*/\1/p' $(MAKEFILE_LIST))

# Set one target's message as `target: ## message` and it shows up here.
help: ## this text
	@echo "Usage: make TARGET [STACK=dev|staging|prod] [ARGS='--diff …']"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: node_modules ## bring the stack up (dev: on the embedded control plane, built on first use in 6 to 12 minutes; others: after make doctor, DOCTOR=skip: without)
	@$(if $(filter dev,$(STACK))$(filter skip,$(DOCTOR)),,$(EXAMINE))
	@$(LAUNCH) up $(STACK) $(if $(filter dev,$(STACK)),--yes) $(ARGS)

preview: node_modules ## show what `make up` would change (REPORT=folder [BASE=commit]: in words, for a review)
	@$(LAUNCH) preview $(STACK) $(if $(REPORT),--report "$$REPORT" $(if $(BASE),--base "$$BASE")) $(ARGS)

report: node_modules ## put the plans of several stacks into one report: make report PLANS=folder REPORT=folder
	@$(OPERATION) operations/report/cli.ts --plans "$$PLANS" --output "$${REPORT:-report}" $(if $(BASE),--base "$$BASE") \
	  $(if $(UNVERIFIED),--unverified)

review: node_modules ## preview against a commit, without credentials or a cluster: make review BASE=main [STACK=prod]
	@$(RUN) embedded/review/cli.ts --base "$$BASE" $(if $(filter command line,$(origin STACK)),--stack $(STACK)) \
	  --output $(or $(REPORT),review)

stacks: ## print the names of the stacks, as JSON
	@node -p 'JSON.stringify(require("fs").readdirSync("stacks").flatMap((file) => /^Pulumi\.(.+)\.yaml$$/.exec(file)?.[1] ?? []))'

refresh: node_modules ## find out what was changed by other hands
	@$(LAUNCH) refresh $(STACK) $(if $(filter dev,$(STACK)),--yes) $(ARGS)

down: node_modules ## delete everything that the stack made
	@$(LAUNCH) down $(STACK) $(if $(filter dev,$(STACK)),--yes) $(ARGS)

cancel: node_modules ## remove the lock that a run left behind (ARGS=--force: of one that is alive, too)
	@$(LAUNCH) cancel $(STACK) $(ARGS)

outputs: node_modules ## print the stack's outputs
	@$(LAUNCH) outputs $(STACK) $(ARGS)

verify: node_modules ## compare what a stack wants with what its cluster has and its gateway goes by (ARGS='--json|--watch|--drift')
	@$(LAUNCH) verify $(STACK) $(ARGS)

adopt: node_modules ## take over what upstream's installer made: make adopt STACK=prod (docs/adopt.md)
	@$(OPERATION) operations/adopt/cli.ts $(STACK) $(ARGS)

BACKUP_OF = $(STACK) --database "$(DATABASE)" $(if $(BACKUP),--backup "$(BACKUP)")

backup: node_modules ## make a backup now: make backup STACK=prod DATABASE=registry
	@$(OPERATION) operations/backup/cli.ts backup $(BACKUP_OF) $(ARGS)

restore: node_modules ## restore a database: make restore STACK=prod DATABASE=registry [BACKUP=name] [FROM=stack]
	@$(OPERATION) operations/backup/cli.ts restore $(BACKUP_OF) $(if $(FROM),--from "$(FROM)") $(ARGS)

rehearse-restore: node_modules ## restore the newest backup into a scratch mongod, and compare
	@$(OPERATION) operations/backup/cli.ts rehearse $(BACKUP_OF) $(ARGS)

policy-impact: node_modules ## replay requests through the policies of BASE=main and these; list decisions that differ
	@$(OPERATION) operations/policy-impact/cli.ts $(STACK) --base $(or $(BASE),main) $(ARGS)

record-requests: node_modules ## keep what audit-only has logged in the stack's gateway, scrubbed, for policy-impact
	@$(RUN) operations/record-requests/cli.ts $(STACK) $(ARGS)

stop: node_modules ## stop the embedded control plane and network (data stays; ARGS=--wipe removes it)
	@$(NETWORK) stop $(ARGS)
	@$(CLUSTER) stop $(ARGS)
	@$(if $(filter --wipe,$(ARGS)),$(LAUNCH) forget dev)

status: node_modules ## show the processes of the embedded control plane and network
	@$(CLUSTER) status; cluster=$$?; $(NETWORK) status && exit $$cluster

pulumi: node_modules ## build the real pulumi CLI from source, once (22 minutes); AIOS_ENGINE=cli uses it
	@$(RUN) embedded/pulumi/cli.ts build

test: node_modules ## lint, types, unit, golden and integration tests
	@$(RUN) test/run.ts

test-rules: node_modules ## run the cases of every policy rule (ARGS='--rule NAME': of one)
	@$(RUN) policies/packaging/test-rules.ts $(ARGS)

new-rule: node_modules ## start a policy rule: make new-rule NAME=my-rule
	@$(RUN) policies/packaging/new-rule.ts $(NAME)

diagram: node_modules ## draw a stack's topology: docs/images/topology-STACK.svg (FILE=elsewhere.svg)
	@$(OPERATION) operations/diagram/cli.ts $(STACK) $(if $(FILE),--output '$(FILE)')

images: node_modules ## print every image that a stack needs (ARGS=--json; ARGS='--script skopeo|crane --to REGISTRY')
	@$(OPERATION) operations/images/cli.ts $(STACK) $(ARGS)

sbom: node_modules ## print the program's own dependencies as CycloneDX (FILE=sbom.cdx.json: write them there)
	@$(OPERATION) operations/sbom/cli.ts $(if $(FILE),--output '$(FILE)')

stack: node_modules ## start a stack from another: make stack NAME=eu-1 FROM=prod
	@$(OPERATION) operations/new-stack/cli.ts "$$NAME" --from "$(or $(FROM),$(STACK))"

render: node_modules ## write every object of a stack as YAML: make render STACK=prod DIR=rendered (ARGS=--sealed-out: no Secrets)
	@$(OPERATION) operations/render/cli.ts $(STACK) --dir "$$DIR" $(ARGS)

doctor: node_modules ## say what stands between a stack and its cluster, before `make up` (ARGS=--json)
	@$(LAUNCH) doctor $(STACK) $(ARGS)

lint: node_modules ## lint, format and types only
	@$(RUN) test/run.ts --static

fix: node_modules ## format, and mend what the linter can
	@npx prettier --write --log-level warn . && npx eslint --fix .

golden: node_modules ## rewrite the golden snapshots of all stacks
	@UPDATE_GOLDEN=1 npx jest --selectProjects golden

schema: node_modules ## rewrite stacks/schema.json
	@$(RUN) infra/config/json-schema.ts

bench: node_modules ## measure against kubectl (and pulumi, if it is there)
	@$(RUN) test/bench/run.ts $(ARGS)

conformance: node_modules ## hold the embedded engine against the pulumi CLI, on one cluster (ARGS=--help)
	@$(RUN) test/conformance/run.ts $(ARGS)

RUN := node --require tsx/cjs
OPERATION := node --require ./operations/start.js
# As embedded/engine/node-options.ts has them for the other processes of a run, and why.
LEAN := --max-semi-space-size=4 --v8-pool-size=1
LAUNCH := node $(LEAN) --require tsx/cjs embedded/launcher/cli.ts
CLUSTER := $(RUN) embedded/cluster/cli.ts
NETWORK := $(RUN) embedded/network/cli.ts

# What cannot be looked at (2) the update itself tells of; what is seen to stand in its way ends it before it begins.
EXAMINE = $(LAUNCH) doctor $(STACK); case $$? in \
  1) echo "error: nothing was changed; DOCTOR=skip goes ahead all the same" >&2; exit 1;; \
  2) echo "The cluster was not examined; the update goes ahead." >&2;; esac

NODE_CHECK = const [major, minor] = process.versions.node.split(".").map(Number); \
  process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)

node_modules: package.json package-lock.json .npmrc
	@node -e '$(NODE_CHECK)' 2>/dev/null || { \
	  echo "Node.js 20.19 or newer is needed; here it is $$(node --version 2>/dev/null || echo missing). Install it and try again." >&2; \
	  exit 1; }
	@echo "Installing npm packages"
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch node_modules
