"""The interval engine: channel-days in a Delta table, validation, estimation and determinants by columns.

It knows a channel only by an integer id, the interval's seconds, its `Measure` and the utility's zone; what is
committed here is published by the contexts above through PostgreSQL. No Django. The interface is a batch: many channels
at once.

Its words: a *slot* is one interval of a local day; a *channel-day* is a channel's slots of one local day; a *block* is
channels x slots over a run of days; a *revision* is one append, numbered above; a *gap* is a run of missing slots.

Its promises: a missing slot is never zero (Quality.MISSING, value ABSENT); no count is lost; nothing stored is changed.

Time        slots.slot_calendar(period, seconds=, zone=, holidays=) -> SlotCalendar
In          gridding.grid(readings, seconds=, zone=) -> Gridded;  gridding.readings_of, gridding.Readings
            faults.findings_of(readings, gridded, zone=) -> IntervalFinding, ...
            overlays.overlay(lower, upper, shared=) -> Overlay   (sent again, corrected, two halves of a day)
Forms       channeldays.ChannelDays (columns, as stored) and block.Block (dense):  filling.dense(days, calendar),
            Block.channel_days(only);  channeldays.joined(parts)
Store       store.IntervalStore.create(uri), IntervalStore(uri): append, read, history, unpublished, sweep
            published.Published(watermark, ignored);  compaction.compact(store, month)
Validation  vee.subject.Subject, vee.subject.History;  vee.groups.SHIPPED, Group, Step, Role;  vee.rules
            vee.validating.validate(subject, group) -> Validation;  vee.validating.judged(block, validation) -> Block
            vee.setup.mismatches(channel, day, configured=, supplied=)
Estimation  estimation.estimating.estimate(block, period=, outages=, registers=, profile=, rejected=, policy=)
            -> Estimate
            estimation.gaps.Gap, Method, Policy;  registers.differences, registers.unit_in;  spans.Spans, touched
Determinants  measuring.sums(block, periods) -> Sums;  demand.peaks(block, periods, minutes=) -> Peaks
            asked.answers(block, ask) -> counts by channel
Many machines  cluster: determinants.measured, validation.revalidated, pricing.priced, over Spark Connect
"""
