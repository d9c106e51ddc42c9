using System.Text.Json;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Volumes;
using HomelabOps.Core.Volumes.Binding;
using HomelabOps.Core.Volumes.Wire;

namespace HomelabOps.Core.Tests.Volumes;

/// <summary>What is said where the binder has done its part, or cannot. The rules themselves are held against real binders elsewhere.</summary>
public sealed class BindingExplainerTests
{
    private const string Primary = "'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'role','operator':'In','values':['primary']}]}]}}";

    [Fact]
    public void A_claim_that_is_bound_and_can_be_used_has_nothing_to_say()
    {
        var status = Explain("Bound", $"{Primary}", pod: "'nodeName':'w1'");
        Assert.Equal((true, true, "", "", "", "v"), (status.Bound, status.Healthy, status.Reason, status.Message, status.Remedy, status.Volume));
        Assert.Empty(status.Candidates);
        Assert.Equal(["Pod/media/p"], status.Pods.Select(item => item.ToString()));
    }

    [Theory]
    [InlineData("'unschedulable':true", "True", "w1 (SchedulingDisabled)")]
    [InlineData("", "False", "w1 (NotReady)")]
    public void A_volume_whose_only_node_takes_no_pods_is_of_no_use(string spec, string ready, string words)
    {
        var status = Explain("Bound", Primary, node: spec, ready: ready);
        Assert.Equal((true, false, "NodeUnusable"), (status.Bound, status.Healthy, status.Reason));
        Assert.Contains(words, status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_runs_on_a_cordoned_node_runs_on() => Assert.True(Explain("Bound", Primary, pod: "'nodeName':'w1'", node: "'unschedulable':true").Healthy);

    [Theory]
    [InlineData("'nodeSelector':{'role':'backup'}", "Pending")]
    [InlineData("'nodeName':'w2'", "Pending")]
    [InlineData("'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.name','operator':'In','values':['w2']}]}]}}}", "Pending")]
    public void A_pod_that_may_only_run_elsewhere_cannot_use_it(string pod, string phase)
    {
        var status = Explain("Bound", Primary, pod: pod, podPhase: phase);
        Assert.Equal("NodeUnusable", status.Reason);
        Assert.Contains("only w1 can mount it, and the pod p may run on w2 only", status.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Bound", "VolumeGone")]
    [InlineData("Lost", "VolumeGone")]
    public void A_claim_whose_volume_is_gone_says_so(string phase, string reason)
    {
        var status = Explain(phase, volume: null);
        Assert.Equal((false, reason), (status.Healthy, status.Reason));
    }

    [Fact]
    public void A_claim_whose_volume_was_given_away_says_to_whom()
    {
        var status = Explain("Lost", "'claimRef':{'namespace':'media','name':'other'}");
        Assert.Equal("ClaimLost", status.Reason);
        Assert.Contains("media/other", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_that_is_being_deleted_names_the_pods_that_keep_it()
    {
        var status = Explain("Pending", "", metadata: ",'deletionTimestamp':'2026-01-01T00:00:00Z'", pod: "");
        Assert.Equal("Deleting", status.Reason);
        Assert.Contains("p", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pod_that_names_its_node_keeps_a_claim_waiting_that_waits_for_the_scheduler()
    {
        var status = Explain("Pending", "'storageClassName':'slow'", claim: "'storageClassName':'slow'", className: "slow", pod: "'nodeName':'w1'", podPhase: "Pending");
        Assert.Equal("ConsumerNotScheduled", status.Reason);
        Assert.Contains("w1", status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_class_is_told_apart_from_none()
    {
        var status = Explain("Pending", "'storageClassName':''", claim: "'storageClassName':'slow'", className: "slow", isDefault: true, mode: "Immediate");
        Assert.Equal(PvcBindingRule.StorageClass, status.Candidates[0].Rule);
        Assert.Contains("default class \"slow\"", status.Candidates[0].Message, StringComparison.Ordinal);
        Assert.Contains("storageClassName: \"\"", status.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_remedy_for_a_small_volume_says_that_the_sizes_need_not_be_equal() =>
        Assert.Contains("need not be equal", Explain("Pending", "'capacity':{'storage':'1Gi'}").Remedy, StringComparison.Ordinal);

    [Fact]
    public void Where_there_is_no_volume_at_all_that_is_said() => Assert.Equal("NoVolume", Explain("Pending", volume: null, claim: "'volumeName':''").Reason);

    [Theory]
    [InlineData("m1", "10Gi", "pvsmall", "raise", "pvsmall,pvfs,pvres")]
    [InlineData("m5", "5Gi", "pvres", "claimRef", "pvres,pvfs,pvsmall")]
    [InlineData("m9", "5Gi", "pvfs", "class", "pvfs,pvsmall,pvres")]
    public void The_closest_is_of_the_class_and_breaks_the_fewest_rules(string className, string size, string closest, string words, string order)
    {
        var asked = Read($"{{'metadata':{{'name':'c','namespace':'media','uid':'1'}},'spec':{{'accessModes':['ReadWriteOnce'],'storageClassName':'{className}','resources':{{'requests':{{'storage':'{size}'}}}}}},'status':{{'phase':'Pending'}}}}", VolumeWireContext.Default.ClaimWire);
        VolumeWire[] volumes = [Volume("pvfs", "m3", ""), Volume("pvres", "m5", ",'claimRef':{'namespace':'other','name':'elsewhere'}"), Volume("pvsmall", "m1", "")];
        var status = BindingExplainer.Explain(asked, VolumeFacts.Of([asked], volumes, null, [], null), "home");
        Assert.Equal(order, string.Join(',', status.Candidates.Select(candidate => candidate.Volume)));
        Assert.Contains($"The closest is '{closest}'", status.Message, StringComparison.Ordinal);
        Assert.Contains(words, status.Remedy, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(closest, status.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void What_another_has_is_not_close()
    {
        var asked = Read("{'metadata':{'name':'c','namespace':'media','uid':'1'},'spec':{'accessModes':['ReadWriteOnce'],'storageClassName':'m1','resources':{'requests':{'storage':'5Gi'}}},'status':{'phase':'Pending'}}", VolumeWireContext.Default.ClaimWire);
        var taken = Volume("taken", "m1", ",'claimRef':{'namespace':'other','name':'c','uid':'2'}");
        taken.Status = new() { Phase = "Bound" };
        var status = BindingExplainer.Explain(asked, VolumeFacts.Of([asked], [taken, Volume("free", "m3", "")], null, [], null), "home");
        Assert.Equal("free", status.Candidates[0].Volume);
    }

    private static VolumeWire Volume(string name, string className, string more) => Read($"{{'metadata':{{'name':'{name}'}},'spec':{{'accessModes':['ReadWriteOnce'],'storageClassName':'{className}','capacity':{{'storage':'5Gi'}}{more}}},'status':{{'phase':'Available'}}}}", VolumeWireContext.Default.VolumeWire);

    private static PvcBindingStatus Explain(
        string phase, string? volume, string claim = "", string metadata = "", string? pod = null, string podPhase = "Running", string node = "", string ready = "True", string? className = null, bool isDefault = false, string mode = "WaitForFirstConsumer")
    {
        var bound = phase == "Pending" ? "" : ",'volumeName':'v'";
        var asked = Read($"{{'metadata':{{'name':'c','namespace':'media','uid':'1'{metadata}}},'spec':{{'accessModes':['ReadWriteOnce'],'resources':{{'requests':{{'storage':'5Gi'}}}}{bound}{Joined(claim)}}},'status':{{'phase':'{phase}'}}}}", VolumeWireContext.Default.ClaimWire);
        VolumeWire[] volumes = volume is null ? [] : [Read($"{{'metadata':{{'name':'v'}},'spec':{{'accessModes':['ReadWriteOnce']{(volume.Contains("capacity", StringComparison.Ordinal) ? "" : ",'capacity':{'storage':'5Gi'}")}{Joined(volume)}}},'status':{{'phase':'{(phase == "Pending" ? "Available" : "Bound")}'}}}}", VolumeWireContext.Default.VolumeWire)];
        NodeWire[] nodes =
        [
            Read($"{{'metadata':{{'name':'w1','labels':{{'role':'primary'}}}},'spec':{{{node}}},'status':{{'conditions':[{{'type':'Ready','status':'{ready}'}}]}}}}", WireContext.Default.NodeWire),
            Read("{'metadata':{'name':'w2','labels':{'role':'backup'}},'status':{'conditions':[{'type':'Ready','status':'True'}]}}", WireContext.Default.NodeWire),
        ];
        Consumer[] consumers = pod is null ? [] : [new(Read($"{{'metadata':{{'name':'p','namespace':'media'}},'spec':{{{pod}}},'status':{{'phase':'{podPhase}'}}}}", VolumeWireContext.Default.ConsumerWire), ["c"], "p")];
        StorageClassWire[] classes = className is null ? [] : [Read($"{{'metadata':{{'name':'{className}','annotations':{{'storageclass.kubernetes.io/is-default-class':'{(isDefault ? "true" : "false")}'}}}},'provisioner':'kubernetes.io/no-provisioner','volumeBindingMode':'{mode}'}}", VolumeWireContext.Default.StorageClassWire)];
        return BindingExplainer.Explain(asked, VolumeFacts.Of([asked], volumes, classes, nodes, consumers), "home");
    }

    private static string Joined(string part) => part.Length == 0 ? "" : "," + part;

    private static T Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json.Replace('\'', '"'), type)!;
}
