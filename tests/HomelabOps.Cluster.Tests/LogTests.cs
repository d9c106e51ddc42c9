using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Logs of real containers.</summary>
public sealed class LogTests : ClusterTest
{
    [Fact]
    public void Lines_say_where_they_come_from_and_when()
    {
        var lines = Run("Get-HomelabLog -Namespace media -App ticker -Tail 3").ThrowIfFailed();

        Assert.Equal(3, lines.Output.Count);
        Assert.All(lines.Values("Line"), line => Assert.Matches(" tick [0-9]+$", (string)line!));
        Assert.All(lines.Values("Pod"), pod => Assert.StartsWith("ticker-", (string)pod!, StringComparison.Ordinal));
        Assert.All(lines.Values("Container"), container => Assert.Equal("ticker", container));
        Assert.All(lines.Values("Namespace"), space => Assert.Equal("media", space));
        Assert.All(lines.Values("Time"), time => Assert.InRange((DateTime)time!, DateTime.Now.AddMinutes(-1), DateTime.Now.AddMinutes(1)));
    }

    [Fact]
    public void Since_leaves_out_what_is_older()
    {
        var times = Run("Get-HomelabLog -Namespace media -App ticker -Since 20s").ThrowIfFailed().Values("Time").Cast<DateTime>().ToList();

        Assert.NotEmpty(times);
        Assert.True(times[0] > DateTime.Now.AddMinutes(-1));
    }

    [Fact]
    public void A_container_can_be_named_and_its_name_may_have_wildcards()
    {
        Assert.Single(Run("Get-HomelabLog -Namespace media -App ticker -Container tick* -Tail 1").ThrowIfFailed().Output);
        Assert.Empty(Run("Get-HomelabLog -Namespace media -App ticker -Container none*").ThrowIfFailed().Output);
    }

    [Fact]
    public void Two_pods_are_one_log_sorted_by_time()
    {
        WaitForCrash();

        var result = Run("Get-HomelabLog -Namespace media -Tail 5").ThrowIfFailed();
        var times = result.Values("Time").Cast<DateTime>().ToList();

        Assert.Equal(times.Order(), times);
        Assert.Equal(["crasher", "ticker"], result.Values("Container").Cast<string>().Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_run_before_the_last_restart_can_be_read()
    {
        WaitForCrash();

        // While a container is being replaced the kubelet has no previous log for a moment, which is a warning.
        var lines = new List<string>();
        for (var attempt = 0; attempt < 30 && lines.Count == 0; attempt++)
        {
            lines.AddRange(Run("Get-HomelabPod -Namespace media -App crasher | Get-HomelabLog -Previous").ThrowIfFailed().Values("Line").Cast<string>());
            Thread.Sleep(lines.Count == 0 ? 1000 : 0);
        }

        Assert.Equal(["fatal: cannot open /config/database.db"], lines.Distinct());
    }

    [Fact]
    public void A_pod_that_never_started_is_a_warning_that_says_why()
    {
        var result = Run("Get-HomelabLog -Namespace media -App imageless").ThrowIfFailed();

        Assert.Empty(result.Output);
        Assert.Contains("ErrImageNeverPull", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Following_gives_new_lines_and_ends_when_nobody_wants_more()
    {
        var lines = Run("$seen = 0; foreach ($once in 1) { Get-HomelabLog -Namespace media -App ticker -Follow -Tail 0 | ForEach-Object { $_; if (++$seen -eq 2) { break } } }").ThrowIfFailed();

        Assert.Equal(2, lines.Output.Count);
    }

    [Theory]
    [InlineData("Get-HomelabLog -Namespace media -App ticker -Follow")]
    [InlineData("Get-HomelabLog -Namespace media -Follow -Tail 0")]
    public void Following_ends_on_Ctrl_C(string script) =>
        Assert.True(StopAfter(TimeSpan.FromSeconds(2), script) < TimeSpan.FromSeconds(2));

    [Fact]
    public void A_record_without_a_log_is_a_warning() =>
        Assert.Single(Run("Get-HomelabNode k3s-w1 | Get-HomelabLog").ThrowIfFailed().Warnings);

    [Theory]
    [InlineData("Get-HomelabLog no-such", "PodNotFound")]
    [InlineData("Get-HomelabLog media/no-such -Follow", "PodNotFound")]
    [InlineData("Get-HomelabLog -App no-such", "AppNotFound")]
    [InlineData("Get-HomelabLog -Namespace media -App ticker -Container no-such", "ContainerNotFound")]
    [InlineData("Get-HomelabLog -Namespace media -App ticker -Follow -Previous", "FollowPrevious")]
    [InlineData("Get-HomelabLog -Selector '!!'", "RequestInvalid")]
    [InlineData("Get-HomelabLog -Since 5", "ParameterArgumentTransformationError")]
    [InlineData("Get-HomelabLog -Since ([timespan]::FromMinutes(-5))", "ParameterArgumentTransformationError")]
    [InlineData("Get-HomelabLog -Since -00:05:00", "ParameterArgumentTransformationError")]
    [InlineData("Get-HomelabLog -Tail -1", "ParameterArgumentValidationError")]
    public void Bad_input_is_one_clear_error(string script, string id)
    {
        var result = Run(script);

        Assert.Equal([id], result.ErrorIds);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Who_may_see_pods_but_not_their_logs_is_told_once_for_a_namespace()
    {
        var result = Run("Get-HomelabLog -Namespace media -KubeConfig $file", ("file", Lab.Variant("restricted")));

        Assert.Equal(["AccessDenied"], result.ErrorIds);
        Assert.Contains("pods/log", result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    // Right after the fixtures were applied it has not been restarted yet.
    private void WaitForCrash() =>
        Run("foreach ($i in 1..600) { if ((Get-HomelabPod -Namespace media -App crasher).Restarts -gt 0) { break }; [System.Threading.Thread]::Sleep(100) }").ThrowIfFailed();
}
