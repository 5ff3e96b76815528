namespace ContactCenter.Load;

/// <summary>From the start of the process, with its database to start too, to the first answer of the sign-in page.</summary>
static class StartUp
{
    public static async Task Measure(Func<Task<Server>> start, Report report)
    {
        var seconds = new List<double>();
        for (var run = 0; run < 3; run++)
        {
            await using var server = await start();
            seconds.Add(server.StartUp.TotalSeconds);
        }
        report.Add("start_s", "start to first page, existing data folder", Samples.Median(seconds), "s", Limit.Max(3));
    }
}
