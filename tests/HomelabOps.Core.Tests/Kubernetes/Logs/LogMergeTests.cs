using HomelabOps.Core.Kubernetes.Logs;

namespace HomelabOps.Core.Tests.Kubernetes.Logs;

public sealed class LogMergeTests
{
    private static readonly DateTimeOffset Start = new(2024, 5, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_earliest_line_of_all_logs_comes_first()
    {
        Assert.Equal(["a1", "b2", "a3", "b4", "b5"], await MergeAsync(new Log((1, "a1"), (3, "a3")), new Log((2, "b2"), (4, "b4"), (5, "b5"))));
    }

    [Fact]
    public async Task Lines_of_the_same_time_come_in_the_order_of_the_logs()
    {
        Assert.Equal(["a", "A", "b"], await MergeAsync(new Log((1, "a"), (1, "A")), new Log((1, "b"))));
    }

    [Fact]
    public async Task A_line_without_a_time_follows_the_one_before_it()
    {
        Assert.Equal(["a1", "trace", "b2"], await MergeAsync(new Log((1, "a1"), (null, "trace")), new Log((2, "b2"))));
    }

    [Fact]
    public async Task The_order_within_a_log_is_kept_where_its_times_go_back()
    {
        Assert.Equal(["b1", "a5", "a4", "b6"], await MergeAsync(new Log((5, "a5"), (4, "a4")), new Log((1, "b1"), (6, "b6"))));
    }

    [Fact]
    public void Reading_goes_on_after_the_last_line_without_losing_or_doubling_one()
    {
        var position = new LogPosition();
        LogEntry[] read = [Entry(1, "a"), Entry(3, "c"), Entry(2, "b"), Entry(2, "b")];
        Array.ForEach(read, position.Advance);

        // The second line of the same time and text was read as well; a third one is new.
        var resumption = position.Resume();
        var again = read.Concat([Entry(2, "b"), Entry(4, "d")]).Where(resumption.IsNew).Select(line => line.Text);

        Assert.Equal(["b", "d"], again);
        Assert.Equal("2024-05-01T10:00:02Z", position.SinceTime);
    }

    [Fact]
    public void After_a_restart_the_new_log_is_read_from_its_beginning()
    {
        var position = new LogPosition();
        position.Advance(Entry(1, "old"));
        var resumption = position.Resume();

        Assert.Equal(["new", "next"], new[] { Entry(2, "new"), Entry(3, "next") }.Where(resumption.IsNew).Select(line => line.Text));
    }

    private static LogEntry Entry(int? second, string text) => new(second is { } at ? Start.AddSeconds(at) : null, text);

    private static async Task<List<string>> MergeAsync(params Log[] logs)
    {
        var lines = new List<string>();
        await foreach (var (_, line) in LogMerge.ByTimeAsync(logs, TestContext.Current.CancellationToken))
        {
            lines.Add(line.Text);
        }

        return lines;
    }

    private sealed class Log(params (int? Second, string Text)[] lines) : ILogSource
    {
        private readonly Queue<LogEntry> _lines = new(lines.Select(line => Entry(line.Second, line.Text)));

        public ValueTask<LogEntry?> PeekAsync(CancellationToken cancellationToken) => new(_lines.TryPeek(out var line) ? line : null);

        public LogEntry Take() => _lines.Dequeue();
    }
}
