using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;
using LibGit2Sharp;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>The part of source-controller that follows Git: a GitRepository gets the newest commit of a real repository as its artifact.</summary>
internal sealed class GitRepositoryController(ControllerHost host, FluxOptions options, GitCache cache) : FluxController(host, "source-controller", Types.GitRepository, options)
{
    private static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(1);

    protected override async Task<TimeSpan?> AttemptAsync(JsonObject item, FluxStatus status, CancellationToken cancellationToken)
    {
        var interval = Interval(item, "interval", UsualInterval);
        var url = Cells.Text(item, "spec.url");
        if (!IsAddress(url))
        {
            var text = $"invalid Git URL '{url}'";
            status.Set("FetchFailed", "True", "URLInvalid", text);
            status.Stall("URLInvalid", text);
            await WriteAsync(item, status, cancellationToken);
            return null;
        }

        var reference = GitReference.Of(item);
        if (await FetchAsync(item, status, url, reference, cancellationToken) is not { } commit)
        {
            return interval < TimeSpan.FromSeconds(30) ? interval : TimeSpan.FromSeconds(30);
        }

        var revision = reference.Revision(commit, sha => cache.TagOf(url, sha));
        var message = $"stored artifact for revision '{revision}'";
        var isNew = Cells.Text(status.Fields, "artifact.revision") != revision;
        if (isNew)
        {
            status.Fields["artifact"] = Artifact(item, url, commit, revision, status.Now);
        }

        status.Remove("FetchFailed");
        status.Set("ArtifactInStorage", "True", "Succeeded", message);
        status.Succeed("Succeeded", message);
        await WriteAsync(item, status, cancellationToken);
        if (isNew)
        {
            Objects.Record(item, "Normal", "NewArtifact", $"stored artifact for commit '{cache.Subject(url, commit)}'");
        }

        return interval;
    }

    // Null after a failure, which is written by then.
    private async Task<string?> FetchAsync(JsonObject item, FluxStatus status, string url, GitReference reference, CancellationToken cancellationToken)
    {
        var (reason, failure) = ("GitOperationFailed", World.SourceFailure($"{ObjectName.Of(item)}"));
        try
        {
            var login = await LoginAsync(item, cancellationToken);
            if (failure is null)
            {
                return await Task.Run(() => cache.Fetch(url, reference, login), cancellationToken);
            }
        }
        catch (KeyNotFoundException error)
        {
            (reason, failure) = ("AuthenticationFailed", error.Message);
        }
        catch (NotFoundException error)
        {
            failure = error.Message;
        }
        catch (LibGit2SharpException error)
        {
            failure = $"unable to clone '{url}': {error.Message}";
        }

        var text = reason == "AuthenticationFailed" ? failure! : $"failed to checkout and determine revision: {failure}";
        status.Set("FetchFailed", "True", reason, text);
        status.Fail(reason, text);
        await WriteAsync(item, status, cancellationToken);
        Objects.Record(item, "Warning", reason, text);
        return null;
    }

    private async Task<GitLogin?> LoginAsync(JsonObject item, CancellationToken cancellationToken)
    {
        var (name, space) = (Cells.Text(item, "spec.secretRef.name"), ObjectName.Of(item).Namespace);
        return name.Length == 0 ? null : GitLogin.Of(await Objects.Client.FindObjectAsync(Types.Secret, space, name, cancellationToken)
            ?? throw new KeyNotFoundException($"failed to get secret '{space}/{name}': secrets \"{name}\" not found"));
    }

    private JsonObject Artifact(JsonObject item, string url, string commit, string revision, string now)
    {
        var (space, name) = ObjectName.Of(item);
        var path = $"gitrepository/{space}/{name}/{commit}.tar.gz";
        return new()
        {
            ["digest"] = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(commit))),
            ["lastUpdateTime"] = now,
            ["path"] = path,
            ["revision"] = revision,
            ["size"] = cache.Size(url, commit),
            ["url"] = string.Create(CultureInfo.InvariantCulture, $"http://source-controller.{space}.svc.cluster.local./{path}"),
        };
    }

    // Paths are for the embedded homelab, whose remote is a folder.
    private static bool IsAddress(string url) => Path.IsPathRooted(url)
        || (Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is ("http" or "https" or "ssh" or "file"));
}
