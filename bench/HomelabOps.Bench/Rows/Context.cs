using HomelabOps.Bench.Cluster;
using HomelabOps.Bench.Hosting;
using HomelabOps.Bench.Measuring;

namespace HomelabOps.Bench.Rows;

/// <summary>What the groups of rows work with.</summary>
internal sealed record Context(CommandLine Options, ServerAccess Access, ServerApi Api, HostedModule Module, string ModuleManifest, string CacheFolder)
{
    public Interleaved Interleave() => new(Options.Runs);

    /// <summary>curl of one or several lists, one after the other over one connection, thrown away.</summary>
    public void Curl(params IEnumerable<string> paths) => RunCurl([], paths);

    /// <summary>All of them at the same time. curl 7.88 waits for up to a second at the end of many.</summary>
    public void CurlAtOnce(IEnumerable<string> paths) => RunCurl(["-Z", "--parallel-immediate"], paths);

    /// <summary>All pods as kubectl prints them, thrown away.</summary>
    public ChildProcess.Usage Kubectl(bool watchMemory = false) => ChildProcess.Run(
        "kubectl", ["--kubeconfig", Options.KubeConfig, "--cache-dir", Path.Combine(CacheFolder, "kubectl"), "get", "pods", "-A", "-o", "json"], watchMemory);

    /// <summary>A new process that hosts the engine and runs a script.</summary>
    public ChildProcess.Usage Host(string script, bool watchMemory = false) => ChildProcess.Run(
        Environment.ProcessPath!, [BareHost.Option, script], watchMemory, new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_CACHE_HOME"] = CacheFolder });

    /// <summary>The same in the pwsh that was given.</summary>
    public ChildProcess.Usage Pwsh(string script) => ChildProcess.Run(
        Options.Pwsh!, ["-NoProfile", "-NonInteractive", "-Command", script], environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_CACHE_HOME"] = CacheFolder });

    public string Import => $"Import-Module -Name {HostedModule.Quote(ModuleManifest)}";

    public string KubeConfig => HostedModule.Quote(Options.KubeConfig);

    private void RunCurl(string[] options, IEnumerable<string> paths) =>
        ChildProcess.Run("curl", ["-K", Access.CurlConfig, .. options, .. paths.SelectMany(path => (string[])["-o", "/dev/null", Access.Server + path])]);
}
