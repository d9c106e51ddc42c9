namespace HomelabOps.Cluster.Tests;

/// <summary>Pods that wait for their volumes, in the words of a real kubelet.</summary>
public sealed class RolloutHangLabTests : ClusterTest
{
    private readonly LabNamespace _space = new();

    [Theory]
    [InlineData("secret", """ "secret":{"secretName":"nobody-has-it"} """, "secret \"nobody-has-it\" not found")]
    [InlineData("map", """ "configMap":{"name":"nobody-has-it"} """, "configmap \"nobody-has-it\" not found")]
    [InlineData("folder", """ "hostPath":{"path":"/srv/nobody-made-it","type":"Directory"} """, "hostPath type check failed: /srv/nobody-made-it is not a directory")]
    public void A_volume_that_somebody_has_to_mend_ends_the_waiting(string name, string volume, string words)
    {
        Add(name, volume);
        var result = Run("Wait-HomelabRollout $name -TimeoutSeconds 240", ("name", $"{_space.Name}/{name}"));
        var error = Assert.Single(result.Errors);
        Assert.Equal("RolloutFailed", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.EndsWith(words, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal("FailedMount", Assert.Single(result.Output).Properties["Reason"].Value);
    }

    protected override void Dispose(bool disposing)
    {
        _space.Dispose();
        base.Dispose(disposing);
    }

    private void Add(string name, string volume) => _space.Send(
        HttpMethod.Post,
        $"/apis/apps/v1/namespaces/{_space.Name}/deployments",
        $$"""
        {
          "apiVersion": "apps/v1",
          "kind": "Deployment",
          "metadata": { "name": "{{name}}" },
          "spec": {
            "selector": { "matchLabels": { "app": "{{name}}" } },
            "template": {
              "metadata": { "labels": { "app": "{{name}}" } },
              "spec": {
                "volumes": [{ "name": "v", {{volume}} }],
                "containers": [{ "name": "a", "image": "docker.io/library/busybox:1.36", "imagePullPolicy": "IfNotPresent", "command": ["sleep", "3600"], "volumeMounts": [{ "name": "v", "mountPath": "/v" }] }]
              }
            }
          }
        }
        """);
}
