using System.Text;
using HomelabOps.Core.Kubernetes.Logs;

namespace HomelabOps.Core.Tests.Kubernetes.Logs;

public sealed class LogEntryTests
{
    [Theory]
    [InlineData("2024-05-01T10:00:00.123456789Z hello  world ", "2024-05-01T10:00:00.1234567+00:00", "hello  world ")]
    [InlineData("2024-05-01T10:00:00Z hello", "2024-05-01T10:00:00.0000000+00:00", "hello")]
    [InlineData("2024-05-01T10:00:00.5+02:00 hello\r", "2024-05-01T10:00:00.5000000+02:00", "hello")]
    [InlineData("2024-05-01T10:00:00.5-03:30 ", "2024-05-01T10:00:00.5000000-03:30", "")]
    [InlineData("2024-05-01T10:00:00.5Z", "2024-05-01T10:00:00.5000000+00:00", "")]
    public void A_time_is_read_and_cut_off(string line, string time, string text)
    {
        var entry = LogEntry.Parse(Encoding.UTF8.GetBytes(line));

        Assert.Equal(time, entry.Time?.ToString("o", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(text, entry.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("unable to retrieve container logs for containerd://abc")]
    [InlineData("2024-13-01T10:00:00Z hello")]
    [InlineData("2024-02-30T10:00:00Z hello")]
    [InlineData("2024-05-01T10:00:00Zhello")]
    [InlineData("2024-05-01T10:00:00.")]
    public void A_line_without_a_time_is_kept_whole(string line)
    {
        var entry = LogEntry.Parse(Encoding.UTF8.GetBytes(line));

        Assert.Null(entry.Time);
        Assert.Equal(line, entry.Text);
    }

    [Fact]
    public void The_kubelets_own_words_are_told_from_lines()
    {
        Assert.True(LogEntry.Parse("unable to retrieve container logs for containerd://abc"u8).IsLogGone);
        Assert.False(LogEntry.Parse("2024-05-01T10:00:00Z unable to retrieve container logs for me"u8).IsLogGone);
    }

    [Fact]
    public void Times_between_the_pieces_of_a_long_line_are_cut_out()
    {
        var (first, second) = (new string('a', 16 * 1024), new string('b', 16 * 1024));
        var line = $"2024-05-01T10:00:00.1Z {first}2024-05-01T10:00:00.2Z {second}2024-05-01T10:00:00.3Z end";

        Assert.Equal(first + second + "end", LogEntry.Parse(Encoding.UTF8.GetBytes(line)).Text);
    }

    [Fact]
    public async Task Lines_of_any_length_are_split_wherever_the_reads_end()
    {
        var long1 = new string('x', 1024 * 1024);
        var body = new SlowStream(Encoding.UTF8.GetBytes($"2024-05-01T10:00:00Z ä\n2024-05-01T10:00:01Z {long1}\n\nlast"), 777);

        var lines = new List<string>();
        await foreach (var line in LogLines.ReadAsync(body, TestContext.Current.CancellationToken))
        {
            lines.Add(line.Text);
        }

        Assert.Equal(["ä", long1, "", "last"], lines);
    }

    private sealed class SlowStream(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
    }
}
