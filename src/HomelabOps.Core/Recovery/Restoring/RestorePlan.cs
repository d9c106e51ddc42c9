using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Ssh;

namespace HomelabOps.Core.Recovery.Restoring;

/// <summary>What would be done to bring a cluster back, once nothing stands against it.</summary>
/// <param name="Install">What the repository has.</param>
/// <param name="HasSecret">The source's Secret is there.</param>
/// <param name="Warnings">What the user should know before he decides.</param>
internal sealed record RestorePlan(FluxInstall Install, bool HasSecret, IReadOnlyList<string> Warnings)
{
    private static readonly ResourceType Review = new("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", false);

    /// <summary>Host and port of the API server: every k3s calls its cluster default.</summary>
    public string Server { get; init; } = "";

    /// <summary>The Secret that has to be made, and is not there; null for none.</summary>
    public string? MissingSecret => Install.SecretName is { } name && !HasSecret ? $"{Install.Namespace}/{name}" : null;

    /// <summary>Looks at repository and cluster. Nothing is changed.</summary>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="HomelabException">Those of <see cref="FluxInstall.ReadAsync"/>; RecoveryRightsMissing, RecoveryForeignFlux, RecoveryDefinitionUnfit.</exception>
    public static async Task<RestorePlan> MakeAsync(RestoreOptions options, CancellationToken cancellationToken)
    {
        var install = await FluxInstall.ReadAsync(options.Repository, options.Path, cancellationToken);

        // A cluster that was set up anew serves less than the one that had this address before.
        await options.Client.Discovery.ForgetAsync(cancellationToken);
        await CheckRightsAsync(options.Client, cancellationToken);
        if (!options.Force)
        {
            await ForeignFlux.CheckAsync(options.Client, install, cancellationToken);
        }

        var warnings = await CheckDefinitionsAsync(options.Client, install, cancellationToken);
        if (install.Fixed is { } followed)
        {
            warnings = [.. warnings, Errors.Text("RestoreOtherReference", install.Branch, followed)];
        }

        var secret = install.SecretName is { } name ? await options.Client.FindObjectAsync(RestoreTypes.Secret, install.Namespace, name, cancellationToken) : null;
        return new(install, secret is not null, warnings) { Server = $"{options.Client.Endpoint.Address.Host}:{options.Client.Endpoint.Address.Port}" };
    }

    /// <summary>Fails where what Flux is to log in with cannot be used, before anything changes.</summary>
    /// <param name="login">What was given; null for nothing.</param>
    /// <param name="mayAsk">Somebody can be asked for it.</param>
    /// <param name="hosts">Keys of hosts that the user knows.</param>
    /// <exception cref="HomelabException">RecoveryCredentialRequired, RecoveryLoginUnfit, RecoveryHostUnknown, PathNotFound.</exception>
    public void CheckLogin(SourceLogin? login, bool mayAsk, KnownHosts hosts)
    {
        login?.CheckFiles();
        if (Install.SecretName is { } name && login is not null)
        {
            CryptographicOperations.ZeroMemory(login.ToBody(Install.Namespace, name, Install.Url, hosts));
        }
        else if (MissingSecret is { } secret && login is null && (!mayAsk || SourceAddress.IsSsh(Install.Url)))
        {
            throw Errors.RecoveryCredentialRequired(secret, Install.Url);
        }
    }

    /// <summary>In words, a line for each step.</summary>
    public string Describe() => string.Join('\n', Lines());

    private IEnumerable<string> Lines()
    {
        yield return Errors.Text("Detail_RestoreComponents", Install.Components.Count, Install.Version, Install.Path);
        if (Install.SecretName is { } name)
        {
            yield return Errors.Text("Detail_RestoreSecret", $"{Install.Namespace}/{name}", Install.Url);
        }

        if (Install.WebhookSecret is { } webhook)
        {
            yield return Errors.Text("Detail_RestoreWebhook", $"{ObjectText.Name(webhook.Namespace)}/{webhook.Name}");
        }

        yield return Errors.Text("Detail_RestoreSync", Install.Url, Install.Kustomizations.Count);
    }

    private static async Task CheckRightsAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = Review.ApiVersion,
            ["kind"] = Review.Kind,
            ["spec"] = new JsonObject { ["resourceAttributes"] = new JsonObject { ["verb"] = "*", ["group"] = "*", ["resource"] = "*" } },
        };
        var answer = await client.CreateAsync(Review, null, body, cancellationToken);
        if (Scalars.Text(answer["status"]?["allowed"]) != "true")
        {
            // Flux' controllers are given all rights, and nobody can give more than he has.
            throw Errors.RecoveryRightsMissing(client.Name);
        }
    }

    private static async Task<IReadOnlyList<string>> CheckDefinitionsAsync(ClusterClient client, FluxInstall install, CancellationToken cancellationToken)
    {
        var others = new List<string>();
        foreach (var wanted in install.Components.Where(item => ObjectText.Kind(item) == "CustomResourceDefinition"))
        {
            if (await client.FindObjectAsync(ResourceType.CustomResourceDefinition, null, ObjectText.Name(wanted), cancellationToken) is not { } live)
            {
                continue;
            }

            var versions = (wanted["spec"]?["versions"] as JsonArray ?? []).Select(version => Scalars.Text(version?["name"])).ToHashSet(StringComparer.Ordinal);
            if ((live["status"]?["storedVersions"] as JsonArray ?? []).Select(Scalars.Text).Where(stored => !versions.Contains(stored)).ToList() is { Count: > 0 } lost)
            {
                throw Errors.RecoveryDefinitionUnfit(ObjectText.Name(wanted), string.Join(", ", lost), install.Version);
            }

            if (Scalars.Text((live["metadata"]?["labels"] as JsonObject)?["app.kubernetes.io/version"]) is { } other && install.Version.Length > 0 && other != install.Version)
            {
                others.Add(other);
            }
        }

        return [.. others.Distinct(StringComparer.Ordinal).Select(other => Errors.Text("RestoreOtherVersion", client.Name, other, install.Version))];
    }
}
