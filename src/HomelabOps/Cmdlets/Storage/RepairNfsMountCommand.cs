using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Mounts;
using HomelabOps.Core.Remounting;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Brings mounts of nodes back, on the machines that they are made on.</summary>
[Cmdlet(VerbsDiagnostic.Repair, "NfsMount", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Repair-NfsMount.md")]
[OutputType(typeof(NfsMountStatus))]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("create,delete,list,watch", "", "pods")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("list", "", "persistentvolumes")]
public sealed class RepairNfsMountCommand : HostCmdlet
{
    /// <summary>Nodes, also by the number of their container or VM.</summary>
    [Parameter(Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [NodeNames]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [SupportsWildcards]
    public string[] Node { get; set; } = [];

    /// <summary>Paths on the nodes.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Restarts a container that keeps the old mount, without asking.</summary>
    [Parameter]
    public SwitchParameter RestartContainer { get; set; }

    /// <summary>Restarts pods that keep the old mount, without asking.</summary>
    [Parameter]
    public SwitchParameter RestartPod { get; set; }

    /// <summary>Goes on although the server does not answer this machine.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Seconds that each mount may take until the node sees it.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    private readonly HashSet<(string Node, string Path)> _mounts = [];

    private protected override void Process()
    {
        if (InputObject is not null)
        {
            CollectNamed(reference => reference.Kind == "Node", "nodes or mounts");
        }

        // A mount means itself, and not all that its node has.
        if (Piped.Unwrap(InputObject) is NfsMountStatus mount)
        {
            _mounts.Add((mount.Node, mount.Path));
        }
    }

    private protected override void End()
    {
        if (ParameterSetName == ByName && Node.Length == 0)
        {
            throw Core.Errors.NameRequired();
        }

        var config = Config();
        IEnumerable<(ClusterClient, IReadOnlyList<ResourcePattern>)> asked = ParameterSetName == ByName ? [(FindClient(), [.. Node.Select(name => new ResourcePattern(MountRepair.NameOf(name, config)))])] : CollectedByCluster();
        foreach (var (client, names) in asked)
        {
            var repair = new MountRepair(client, config, Login, ChangeJournal.ForUser(), TimeSpan.FromSeconds(TimeoutSeconds)) { Probe = Probe };
            var broken = new List<NfsMountStatus>();
            Drain(stop => NfsMountTester.TestAsync(client, new() { Nodes = names, Paths = Path.Length > 0 ? Path : [.. _mounts.Select(mount => mount.Path).Distinct()], Config = config, Probe = Probe }, stop), status =>
            {
                if (_mounts.Count == 0 || _mounts.Contains((status.Node, status.Path)))
                {
                    (status.Healthy ? (Action<NfsMountStatus>)WriteObject : broken.Add)(status);
                }
            });
            broken.ForEach(status => Repair(repair, status));
        }
    }

    // What fails for one does not keep it from the others.
    private void Repair(MountRepair repair, NfsMountStatus status)
    {
        try
        {
            using var job = Await(stop => repair.PrepareAsync(status, Force, stop));
            if (!ShouldProcess(Messages.NfsMountRepair(job), Messages.NfsMountRepairQuestion(job), Messages.Confirm))
            {
                return;
            }

            // Where it is well already nothing is done that the node could be waited for.
            var isDone = !Await(job.RemountAsync) ? !job.Plan.IsEmpty : (HasAgreed(RestartContainer, Messages.ContainerRestartQuestion(job)) && Await(job.RestartAsync));
            status = Await(stop => job.VerifyAsync(isDone, stop));
            var pods = Await(stop => repair.RestartableAsync(status, stop));
            if (pods.Count > 0 && HasAgreed(RestartPod, Messages.PodRestartQuestion(status, pods)))
            {
                Await(stop => repair.RestartAsync(pods, stop));
            }

            WriteObject(status);
        }
        catch (HomelabException error) when (!error.Terminates)
        {
            WriteFailure(error);
        }
    }
}
