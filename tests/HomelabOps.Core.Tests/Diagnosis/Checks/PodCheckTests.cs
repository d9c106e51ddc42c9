using HomelabOps.Core.Diagnosis.Checks;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;

namespace HomelabOps.Core.Tests.Diagnosis.Checks;

/// <summary>How what is wrong with pods is told.</summary>
public sealed class PodCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private static readonly ResourceReference Owner = new(Made.Cluster, "Deployment", "media", "web");

    [Theory]
    [InlineData("terminated", true)]
    [InlineData("running", false)]
    public void A_finalizer_is_named_where_nothing_of_the_pod_runs_any_more(string state, bool isNamed)
    {
        var pod = Pod(""","deletionTimestamp":"2026-11-26T11:00:00Z","finalizers":["example.com/hold"]""", "", $$"""{"name":"app","ready":false,"state":{"{{state}}":{} } }""");
        Assert.Equal(["Error PodStuckTerminating Pod/media/web-1"], new PodCheck().Findings(Snapshot(pod)));
        var text = new PodCheck().Text(Snapshot(pod));
        Assert.Equal(isNamed, text.Contains("example.com/hold", StringComparison.Ordinal));
        Assert.Equal(isNamed, text.Contains("kubectl -n media patch pod web-1", StringComparison.Ordinal));
        Assert.Equal(!isNamed, text.Contains("--force", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pod_of_its_own_is_no_pod_of_something()
    {
        var pod = Pod(""","deletionTimestamp":"2026-11-26T11:00:00Z" """, "", "");
        Assert.StartsWith("Pod/media/web-1 should have ended", new PodCheck().Text(Snapshot(pod)), StringComparison.Ordinal);
        Assert.StartsWith("A pod of Deployment/media/web should have ended", new PodCheck().Text(Snapshot(pod with { Owner = Owner })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("known", "")]
    [InlineData("gone", "Warning PullSecretAbsent Deployment/media/web")]
    public void A_pull_Secret_that_is_gone_is_told_before_an_image_is_asked_for(string name, string expected)
    {
        var pod = Pod("", $$$""","imagePullSecrets":[{"name":"{{{name}}}"}]""", """{"name":"app","ready":true,"state":{"running":{} } }""") with { Owner = Owner };
        Assert.Equal(expected.Length == 0 ? [] : [expected], new PodCheck().Findings(Snapshot(pod)));
        Assert.Equal(expected.Length > 0, new PodCheck().Text(Snapshot(pod)).Contains("the pull Secret gone", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(",\"resources\":{\"limits\":{\"memory\":\"1Gi\"} }", false)]
    public void Who_has_no_limit_is_not_told_to_raise_it(string spec, bool isOfNode)
    {
        var pod = Pod("", ",\"nodeName\":\"w1\"" + spec, """{"name":"app","ready":false,"restartCount":7,"state":{"waiting":{"reason":"CrashLoopBackOff"} },"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"} } }""", ready: "False") with { Owner = Owner };
        Assert.Equal(["Error OutOfMemory Deployment/media/web"], new PodCheck().Findings(Snapshot(pod)));
        var text = new PodCheck().Text(Snapshot(pod));
        Assert.Equal(isOfNode, text.Contains("its node had no memory left", StringComparison.Ordinal));
        Assert.Equal(!isOfNode, text.Contains("Raise the limit", StringComparison.Ordinal) && text.Contains("more than 1Gi", StringComparison.Ordinal));
    }

    private static HomelabSnapshot Snapshot(PodFacts pod) => new() { Cluster = Made.Cluster, Now = Now, Pods = [pod], Secrets = new HashSet<(string, string)> { ("media", "known") } };

    private static PodFacts Pod(string metadata, string spec, string status, string ready = "True") => new(
        Made.Of(DiagnosisWireContext.Default.DiagnosedPodWire, $$$"""
            {"metadata":{"name":"web-1","namespace":"media"{{{metadata}}}},"spec":{"containers":[{"name":"app"}]{{{spec}}}},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"{{{ready}}}"}],"containerStatuses":[{{{status}}}]} }
            """),
        new(Made.Cluster, "Pod", "media", "web-1"),
        null);
}
