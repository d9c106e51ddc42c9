using System.Management.Automation;
using System.Runtime.CompilerServices;
using HomelabOps.Completion;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Configuration;
using HomelabOps.Core.Topology;
using HomelabOps.Sandbox;

namespace HomelabOps.Cmdlets.Connection;

/// <summary>Connects this session to a cluster.</summary>
[Cmdlet(VerbsCommunications.Connect, "Homelab", DefaultParameterSetName = KubeConfigSet, HelpUri = HelpPages.Root + "Connect-Homelab.md")]
[OutputType(typeof(HomelabConnection))]
[RequiresAccess("get", "", "/version")]
[RequiresAccess("get", "apiextensions.k8s.io", "customresourcedefinitions")]
public sealed class ConnectHomelabCommand : HomelabCmdlet
{
    private const string KubeConfigSet = "KubeConfig";
    private const string SandboxSet = "Sandbox";

    /// <summary>Kubeconfig file.</summary>
    [Parameter(ParameterSetName = KubeConfigSet, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? KubeConfig { get; set; }

    /// <summary>Context of the kubeconfig.</summary>
    [Parameter(ParameterSetName = KubeConfigSet)]
    [Alias("Cluster")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ContextCompleter))]
    public string? Context { get; set; }

    /// <summary>Folder of the Git working copy.</summary>
    [Parameter(ParameterSetName = KubeConfigSet)]
    public string? Repository { get; set; }

    /// <summary>The homelab.yaml to use.</summary>
    [Parameter(ParameterSetName = KubeConfigSet)]
    public string? ConfigPath { get; set; }

    /// <summary>Starts the embedded homelab and connects to it.</summary>
    [Parameter(ParameterSetName = SandboxSet, Mandatory = true)]
    public SwitchParameter Sandbox { get; set; }

    /// <summary>How large the embedded homelab is.</summary>
    [Parameter(ParameterSetName = SandboxSet)]
    [ValidateNotNull]
    public SandboxOption SandboxOption { get; set; } = new();

    private KubeConfigEnvironment Surroundings => KubeConfigEnvironment.Current with { WorkingFolder = WorkingFolder };

    private protected override void End()
    {
        if (Sandbox)
        {
            ConnectSandbox();
            return;
        }

        var repository = ExistingFolder(Repository);
        var config = ReadConfig(repository);
        Open(Core.Kubernetes.Configuration.KubeConfig.Find(FullPath(KubeConfig), Surroundings), repository ?? config?.Repository, config?.Path);
    }

    // Of its own, so that the assembly is loaded only here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ConnectSandbox()
    {
        var homelab = Await(stop => EmbeddedHomelab.StartAsync(SandboxOption, stop));
        try
        {
            Open(new KubeConfigLocation(KubeConfigSource.Explicit, [homelab.KubeConfigPath]), homelab.RepositoryPath, null, homelab);
        }
        catch
        {
            Clients.Forget(homelab.KubeConfigPath, homelab);
            throw;
        }
    }

    private void Open(KubeConfigLocation location, string? repository, string? configPath, IDisposable? homelab = null)
    {
        var targets = Clients.Find(location, Context is null ? [] : [Context], Surroundings);
        var client = targets.Count > 1
            ? throw Core.Errors.ContextAmbiguous(Context!, targets.Select(target => target.Client?.Endpoint.Context.Name ?? target.Failure?.Target?.ToString() ?? ""))
            : targets[0].Client ?? throw targets[0].Failure!;
        if (client.Endpoint.SkipTlsVerify)
        {
            WriteWarning(Messages.TlsNotVerified(client.Name));
        }

        var connection = Await(stop => ConnectionReader.ReadAsync(client, stop)) with
        {
            Repository = repository,
            ConfigPath = configPath,
            KubeConfigPath = location.IsInCluster ? null : string.Join(Path.PathSeparator, location.Paths),
            IsSandbox = homelab is not null,
        };
        Session.Connect(new Session.Connected(connection, client, location, homelab));
        WriteObject(connection);
    }

    private string? ExistingFolder(string? path) =>
        FullPath(path) is not { } full || Directory.Exists(full) ? FullPath(path) : throw Core.Errors.PathNotFound(path!);

    // A file that was named must be right. One that was only found must not keep anybody from a cluster in trouble.
    private HomelabConfig? ReadConfig(string? repository)
    {
        try
        {
            return HomelabConfigFile.Load(FullPath(ConfigPath), repository, HomelabConfigEnvironment.Current with { WorkingFolder = WorkingFolder });
        }
        catch (HomelabException error) when (ConfigPath is null)
        {
            WriteWarning(error.Message);
            return null;
        }
    }
}
