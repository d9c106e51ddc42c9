using System.Collections.Concurrent;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>What may go wrong around Flux and is no object of the cluster. Thread-safe; each change lets the controllers look again.</summary>
internal sealed class FluxWorld
{
    private readonly ConcurrentDictionary<string, bool> _stopped = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _failingReleases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _failingSources = new(StringComparer.Ordinal);

    /// <summary>Called when anything here changes.</summary>
    public event EventHandler? Changed;

    /// <summary>Controllers that do not run, such as <c>kustomize-controller</c>.</summary>
    public bool IsStopped(string controller) => _stopped.ContainsKey(controller);

    /// <summary>Stops a controller, or lets it run again.</summary>
    public void SetStopped(string controller, bool stopped)
    {
        if (stopped)
        {
            _stopped[controller] = true;
        }
        else
        {
            _stopped.TryRemove(controller, out _);
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Why a source's remote refuses, for <c>namespace/name</c>; null when it does not.</summary>
    public string? SourceFailure(string source) => _failingSources.GetValueOrDefault(source);

    /// <summary>Lets a source's remote refuse with these words, or with null no longer.</summary>
    public void SetSourceFailure(string source, string? failure) => Set(_failingSources, source, failure);

    /// <summary>Why Helm fails, for <c>namespace/name</c>; null when it does not.</summary>
    public string? ReleaseFailure(string release) => _failingReleases.GetValueOrDefault(release);

    /// <summary>Lets Helm fail with these words, or with null no longer.</summary>
    public void SetReleaseFailure(string release, string? failure) => Set(_failingReleases, release, failure);

    private void Set(ConcurrentDictionary<string, string> failures, string name, string? failure)
    {
        if (failure is null)
        {
            failures.TryRemove(name, out _);
        }
        else
        {
            failures[name] = failure;
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }
}
