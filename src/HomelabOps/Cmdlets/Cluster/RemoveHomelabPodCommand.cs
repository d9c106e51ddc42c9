using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Probing;
using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Cmdlets.Cluster;

/// <summary>Deletes pods.</summary>
[Cmdlet(VerbsCommon.Remove, "HomelabPod", DefaultParameterSetName = ByName, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, HelpUri = HelpPages.Root + "Remove-HomelabPod.md")]
[OutputType(typeof(HomelabPod))]
[RequiresAccess("list,watch,delete", "", "pods")]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class RemoveHomelabPodCommand : ObjectCmdlet
{
    private readonly ChangeJournal _journal = ChangeJournal.ForUser();
    private readonly List<HomelabPod> _piped = [];

    /// <summary>Makes the cluster forget them at once, for pods on a node that is off.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Seconds that the pods may take to end.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <summary>Deletes and does not wait.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override bool IsChange => true;

    private protected override void Process()
    {
        if (Piped.Unwrap(InputObject) is HomelabPod pod)
        {
            _piped.Add(pod);
        }

        if (InputObject is not null)
        {
            CollectNamed(reference => reference.Kind == "Pod", "pods");
        }
    }

    private protected override void End()
    {
        if (ParameterSetName != ByName)
        {
            foreach (var (client, names) in CollectedByCluster())
            {
                RemoveFrom(client, Objects with { Names = names, Namespaces = NamespacesOf(names) });
            }
        }
        else if (Name.Length > 0 || Selector is not null)
        {
            RemoveFrom(FindClient(), Objects);
        }
        else
        {
            throw Core.Errors.NameRequired();
        }
    }

    private void RemoveFrom(ClusterClient client, ObjectQuery objects)
    {
        var found = Await(stop => NamedPods.FindAsync(client, new PodQuery { Objects = objects }, stop));
        foreach (var failure in found.Failures)
        {
            WriteFailure(failure);
        }

        var ready = Force && found.Pods.Count > 0 ? ReadyNodes(client) : [];
        var accepted = new List<(HomelabPod Record, PodWire Pod)>();
        foreach (var (record, pod) in found.Pods)
        {
            if (IsSuccessor(record))
            {
                WriteWarning(PodRemover.Gone(record.Reference));
                continue;
            }

            foreach (var warning in PodRemover.Warnings(record, pod, ready.Contains(record.Node)))
            {
                WriteWarning(warning);
            }

            if (ShouldProcess(Messages.PodDelete(record, Force), Messages.PodDeleteQuestion(record), Messages.Confirm))
            {
                accepted.Add((record, pod));
            }
        }

        var options = new PodRemovalOptions { Force = Force, NoWait = NoWait, Timeout = TimeSpan.FromSeconds(TimeoutSeconds) };
        Drain(stop => PodRemover.RunAsync(client, accepted, options, _journal, stop));
    }

    // A record says which pod was meant, and another may have its name by now.
    private bool IsSuccessor(HomelabPod present) =>
        _piped.FindAll(pod => pod.Namespace == present.Namespace && pod.Name == present.Name && pod.Uid.Length > 0) is { Count: > 0 } read && !read.Exists(pod => pod.Uid == present.Uid);

    private HashSet<string> ReadyNodes(ClusterClient client) =>
        [.. Await(stop => NodeProbes.FindNodesAsync(client, new ObjectQuery(), stop)).Nodes.Where(NodeTerms.IsReady).Select(node => node.Metadata.Name)];
}
