using System.Net.Http.Headers;

namespace HomelabOps.Core.Kubernetes.Configuration;

/// <summary>On whose behalf the requests are made (as, as-uid, as-groups, as-user-extra).</summary>
/// <param name="User">The user to act as.</param>
/// <param name="Uid">The user's UID; null when not given.</param>
/// <param name="Groups">The groups to act with.</param>
/// <param name="Extra">Further attributes of the user.</param>
public sealed record Impersonation(string User, string? Uid, IReadOnlyList<string> Groups, IReadOnlyDictionary<string, IReadOnlyList<string>> Extra)
{
    private static readonly string[] OrphanFields = ["as-uid", "as-groups", "as-user-extra"];

    /// <summary>Adds the headers that the API server understands.</summary>
    public void Apply(HttpRequestHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        headers.Add("Impersonate-User", User);
        if (Uid is not null)
        {
            headers.Add("Impersonate-Uid", Uid);
        }

        foreach (string group in Groups)
        {
            headers.Add("Impersonate-Group", group);
        }

        foreach ((string key, IReadOnlyList<string> values) in Extra)
        {
            // The key becomes part of a header's name, so what a name cannot hold is escaped, as client-go does.
            string name = "Impersonate-Extra-" + Uri.EscapeDataString(key);
            foreach (string value in values)
            {
                headers.Add(name, value);
            }
        }
    }

    internal static Impersonation? Read(KubeConfigNode user)
    {
        string? name = user.GetText("as");
        if (name is null)
        {
            // Left out in silence, the requests would be made with all the rights of the user itself.
            string? orphan = OrphanFields.FirstOrDefault(field => user.Map!.TryGetValue(field, out KubeConfigNode? value) && !value.IsNull);
            return orphan is null ? null : throw user.Invalid(orphan, Errors.Text("Detail_Impersonation", orphan));
        }

        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (user.GetMap("as-user-extra") is { } map)
        {
            foreach (string key in map.Map!.Keys)
            {
                extra[key] = map.GetTexts(key);
            }
        }

        return new Impersonation(name, user.GetText("as-uid"), user.GetTexts("as-groups"), extra);
    }
}
