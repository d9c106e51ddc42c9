using System.Text.Json;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Pods;

public sealed class PodRemoverTests
{
    [Theory]
    [InlineData("\"ownerReferences\":[{\"kind\":\"StatefulSet\",\"name\":\"db\",\"controller\":true}]", false)]
    [InlineData("\"ownerReferences\":[{\"kind\":\"StatefulSet\",\"name\":\"db\",\"controller\":true}]", true, "w1 is ready")]
    [InlineData("\"labels\":{}", false, "Nothing makes Pod/media/p anew")]
    [InlineData("\"annotations\":{\"kubernetes.io/config.mirror\":\"x\"},\"ownerReferences\":[{\"kind\":\"Node\",\"name\":\"w1\",\"controller\":true}]", false, "file of its own")]
    public void A_deletion_that_does_not_do_what_it_seems_to_is_told_of(string metadata, bool isNodeReady, params string[] warnings)
    {
        var pod = JsonSerializer.Deserialize($$"""{"metadata":{"name":"p","namespace":"media",{{metadata}} },"spec":{"nodeName":"w1"} }""", WireContext.Default.PodWire)!;
        var record = PodMapper.Map(pod, "home", Ownership.Top(pod.Metadata, "home"));
        Assert.Collection(PodRemover.Warnings(record, pod, isNodeReady), [.. warnings.Select(warning => (Action<string>)(text => Assert.Contains(warning, text, StringComparison.Ordinal)))]);
    }
}
