using System.Text.Json;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Tests.Kubernetes.Nodes;

public sealed class NodeCordonTests
{
    private const string Ready = "\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}";
    private const string NotReady = "\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"Unknown\"}]}";

    [Theory]
    [InlineData("", Ready, false)]
    [InlineData("\"taints\":[{\"key\":\"soft\",\"effect\":\"PreferNoSchedule\"}]", Ready, false)]
    [InlineData("", NotReady, true)]
    [InlineData("\"unschedulable\":true", Ready, true)]
    [InlineData("\"taints\":[{\"key\":\"node-role.kubernetes.io/control-plane\",\"effect\":\"NoSchedule\"}]", Ready, true)]
    [InlineData("\"taints\":[{\"key\":\"node.kubernetes.io/out-of-service\",\"effect\":\"NoExecute\"}]", Ready, true)]
    public void The_last_node_is_the_one_beside_which_none_takes_pods(string spec, string status, bool isRefused)
    {
        var (node, other) = (Node("w1", "", Ready), Node("w2", spec, status));
        var error = Record.Exception(() => NodeCordon.CheckOthers(node, [node, other], "home"));
        Assert.Equal(isRefused ? "NodeLastSchedulable" : null, (error as HomelabException)?.Id);
    }

    [Fact]
    public void What_takes_no_pods_can_be_cordoned()
    {
        var node = Node("w1", "", NotReady);
        NodeCordon.CheckOthers(node, [node], "home");
    }

    private static NodeWire Node(string name, string spec, string status) =>
        JsonSerializer.Deserialize($$"""{"metadata":{"name":"{{name}}"},"spec":{ {{spec}} },{{status}} }""", WireContext.Default.NodeWire)!;
}
