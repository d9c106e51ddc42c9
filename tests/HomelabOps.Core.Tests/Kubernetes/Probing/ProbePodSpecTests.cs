using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes.Probing;

namespace HomelabOps.Core.Tests.Kubernetes.Probing;

public sealed class ProbePodSpecTests
{
    [Fact]
    public void A_pod_that_looks_at_the_node_sees_it_and_cannot_change_it()
    {
        var spec = Make(new() { Timeout = TimeSpan.FromSeconds(15) });
        Assert.Equal((true, true, "Never", 25), ((bool)spec["hostPID"]!, (bool)spec["containers"]![0]!["volumeMounts"]![0]!["readOnly"]!, (string)spec["restartPolicy"]!, (int)spec["activeDeadlineSeconds"]!));
        Assert.Equal("/", (string?)spec["volumes"]![0]!["hostPath"]!["path"]);
        Assert.Null(spec["hostNetwork"]);
        Assert.Null(spec["imagePullSecrets"]);
    }

    [Fact]
    public void A_pod_that_pulls_an_image_sees_nothing_of_the_node()
    {
        var spec = Make(new() { Namespace = "media", Pulling = new("sonarr", ["ghcr", "mirror"]) });
        Assert.Equal(("k3s-w2", "sonarr", false), ((string)spec["nodeName"]!, (string)spec["serviceAccountName"]!, (bool)spec["automountServiceAccountToken"]!));
        Assert.Equal(["ghcr", "mirror"], spec["imagePullSecrets"]!.AsArray().Select(secret => (string)secret!["name"]!));
        Assert.Null(spec["hostPID"]);
        Assert.Null(spec["volumes"]);
        Assert.Equal((true, "RuntimeDefault"), ((bool)spec["securityContext"]!["runAsNonRoot"]!, (string)spec["securityContext"]!["seccompProfile"]!["type"]!));
        Assert.Equal("""{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"]}}""", spec["containers"]![0]!["securityContext"]!.ToJsonString());
    }

    private static JsonNode Make(ProbeOptions options) => ProbePodSpec.Make("probe", "run", "k3s-w2", "ghcr.io/home/app:1.0", ["true"], options)["spec"]!;
}
