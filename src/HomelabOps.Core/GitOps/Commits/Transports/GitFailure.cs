namespace HomelabOps.Core.GitOps.Commits.Transports;

/// <summary>Reads from the words of git, ssh, curl, libgit2 and the usual servers what went wrong. Nothing else tells.</summary>
internal static class GitFailure
{
    private const int MostReason = 1200;

    private static readonly string[] Races = ["fetch first", "non-fast-forward", "non fast forward", "non-fastforward", "stale info", "cannot lock ref", "failed to lock", "failed to update ref", "incorrect old value", "reference already exists", "old value"];
    private static readonly string[] Protections = ["protected", "repository rule violations", "GH006", "GH013", "not allowed to push", "prohibited by Gerrit", "TF402455"];
    private static readonly string[] Hooks = ["hook declined", "hook failed", "declined by hook"];
    private static readonly string[] ChangedKeys = ["REMOTE HOST IDENTIFICATION HAS CHANGED", "host key mismatch"];
    private static readonly string[] UnknownKeys = ["Host key verification failed", "No ED25519 host key is known", "No RSA host key is known", "No ECDSA host key is known", "host key is not trusted"];
    private static readonly string[] Certificates = ["SSL certificate problem", "certificate verification failed", "certificate verify failed", "SSL certificate is invalid", "unable to get local issuer certificate", "certificate subject name", "no alternative certificate"];
    private static readonly string[] Logins =
    [
        "Authentication failed", "authentication required", "could not read Username", "could not read Password", "terminal prompts disabled", "Permission denied (", "Permission to ", "Invalid username or",
        "HTTP Basic: Access denied", "returned error: 401", "returned error: 403", "unexpected http status code: 401", "unexpected http status code: 403", "status code: 403", "too many redirects or authentication replays", "request failed with status code: 401", "Too many authentication failures", "insufficient permission", "deploy key",
    ];

    private static readonly string[] Absent = ["does not appear to be a git repository", "Repository not found", "not found", "does not exist", "No such file or directory", "could not find repository", "unsupported URL protocol", "failed to resolve path", "returned error: 404", "status code: 404", "project you were looking for could not be found"];
    private static readonly string[] Connections =
    [
        "Could not resolve", "Failed to connect", "failed to resolve address", "Connection refused", "Connection timed out", "Connection reset", "Connection closed", "No route to host", "Network is unreachable", "unable to access", "early EOF", "hung up unexpectedly",
        "unexpected disconnect", "Could not read from remote repository", "RPC failed", "Operation timed out", "couldn't connect", "Empty reply from server", "transfer closed", "returned error: 5", "could not connect", "unexpected EOF", "failed to send request", "failed to receive response", "could not read refs",
    ];

    /// <summary>The branch had moved.</summary>
    public static bool IsRace(string reason) => Has(reason, Races);

    /// <summary>The remote got the commit and did not take it.</summary>
    /// <param name="reason">Why, in one line.</param>
    /// <param name="words">All that the server said.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="remote">The remote.</param>
    public static HomelabException OfPush(string reason, string words, string branch, RemotePlace remote)
    {
        var by = Has(reason, Protections) || Has(words, Protections) ? PushRefusal.Protected : Has(reason, Hooks) ? PushRefusal.Hook : PushRefusal.Remote;
        return Errors.PushRefused(by, branch, remote.Address.Display, Sentence(words.Length == 0 ? reason : $"{reason}: {words}"));
    }

    /// <summary>What the words of a failure mean.</summary>
    /// <param name="words">What git or libgit2 wrote.</param>
    /// <param name="remote">The remote.</param>
    /// <param name="branch">The branch that was asked for; null for none.</param>
    public static HomelabException Of(string words, RemotePlace remote, string? branch)
    {
        var (address, reason) = (remote.Address.Display, Sentence(words));
        return words switch
        {
            _ when branch is not null && Has(words, ["couldn't find remote ref", "no reference found"]) => Errors.GitBranchNotFound(branch, address),
            _ when Has(words, ["cannot run"]) => Errors.GitFailed(address, reason),
            _ when Has(words, ChangedKeys) => Errors.GitHostUntrusted(HostDistrust.KeyChanged, address, reason),
            _ when Has(words, UnknownKeys) => Errors.GitHostUntrusted(HostDistrust.Key, address, reason),
            _ when Has(words, Certificates) => Errors.GitHostUntrusted(HostDistrust.Certificate, address, reason),
            _ when Has(words, Logins) => Errors.GitAuthenticationFailed(address, reason),
            _ when Has(words, Connections) && !Has(words, Absent) => Errors.GitRemoteUnreachable(address, reason),
            _ when Has(words, Absent) => Errors.GitRemoteNotFound(address, reason),
            _ => Errors.GitFailed(address, reason),
        };
    }

    /// <summary>One line that ends with a full stop, without what is secret in addresses.</summary>
    public static string Sentence(string words)
    {
        // What git adds for people at a terminal says nothing about the cause.
        var lines = RemoteAddress.Mask(words).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("hint:", StringComparison.Ordinal) && !line.StartsWith("To ", StringComparison.Ordinal))
            .Select(line => line.StartsWith("remote:", StringComparison.Ordinal) ? line["remote:".Length..].Trim() : line).Where(line => line.Length > 0).Distinct();
        var text = string.Join(" ", lines);
        text = text.Length > MostReason ? text[^MostReason..] : text;
        return text.Length == 0 || text[^1] is '.' or '!' or '?' ? text : text + ".";
    }

    private static bool Has(string text, string[] signs) => Array.Exists(signs, sign => text.Contains(sign, StringComparison.OrdinalIgnoreCase));
}
