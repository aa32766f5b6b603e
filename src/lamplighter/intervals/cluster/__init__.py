"""The kernels of this engine run by a cluster: any that speaks Spark Connect, on the same Delta table.

A cluster filters and orders channel-days, which every engine does alike; what is measured, judged or priced is done by
this package's own functions over Arrow batches (`mapInArrow`), so that the results are those of one machine. Workers
need Lamplighter installed; the driver needs `lamplighter[spark]`. See docs/scale.md.

    scanning.Days(period, seconds, zone)                              the days, as they are sent to workers
    determinants.measured(spark, uri, days, asks, published=)         a table: channel, lacking, counts by ask
    validation.revalidated(spark, uri, days, group, subject, published=)   findings and changed channel-days
    pricing.priced(spark, uri, days, schedule, published=)            a table: channel, cents, refusal
"""
