using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HomelabOps.Testing;

namespace HomelabOps.Cluster.Tests;

/// <summary>Somebody on the lab who has some roles of deploy/rbac and nothing else. The roles have names of their own, since others may work with the lab.</summary>
internal sealed partial class RoleGrant : IDisposable
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    private readonly string _folder = Directory.CreateTempSubdirectory("homelabops-").FullName;
    private readonly string _user = $"homelabops-test-{Guid.NewGuid():N}"[..24];
    private readonly List<string> _made = [];
    private readonly LabApi _api = new();

    public RoleGrant(params string[] roles)
        : this(hasContext: false, roles)
    {
    }

    private RoleGrant(bool hasContext, string[] roles)
    {
        KubeConfig = Path.Combine(_folder, "config");
        var (context, admin) = (Lab.Field("current-context"), File.ReadAllText(Lab.KubeConfig));
        admin = !hasContext ? admin : admin.Replace($"current-context: {context}", $"current-context: {_user}", StringComparison.Ordinal).Replace($"- name: {context}\n    context:", $"- name: {_user}\n    context:", StringComparison.Ordinal);
        File.WriteAllText(KubeConfig, Token.Replace(admin, line => $"{line.Value}\n{line.Groups["indent"].Value}as: {_user}"));
        foreach (var role in roles)
        {
            var (name, text) = ($"{_user}-{role}", File.ReadAllText(Path.Combine(Build.RepositoryRoot, "deploy", "rbac", $"{role}.yaml")));
            Make("clusterroles", name, text.Replace($"name: {role}\n", $"name: {name}\n", StringComparison.Ordinal));
            Make("clusterrolebindings", name, $$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"{{name}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{name}}"},"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{_user}}"}]}""");
            WaitFor(Rule.Match(text));
        }
    }

    /// <summary>With a context of its own name, by which records say of which cluster they are: for what the administrator pipes to it in the same process.</summary>
    public static RoleGrant WithContext(params string[] roles) => new(hasContext: true, roles);

    /// <summary>The lab's kubeconfig with this user.</summary>
    public string KubeConfig { get; }

    public void Dispose()
    {
        _made.ForEach(path => _api.Call(HttpMethod.Delete, path));
        _api.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex("^(?<indent> +)token: .*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token { get; }

    [GeneratedRegex(@"apiGroups: \[""(?<group>[^""]*)""\]\n  resources: \[""(?<resource>[^""]*)"".*\n  verbs: \[""(?<verb>[^""]*)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rule { get; }

    private void Make(string resource, string name, string text)
    {
        _api.Send(HttpMethod.Post, $"{Rbac}/{resource}", text, "application/yaml");
        _made.Add($"{Rbac}/{resource}/{name}");
    }

    // The server learns of a new role a moment later than it has taken it.
    private void WaitFor(Match rule)
    {
        var parts = rule.Groups["resource"].Value.Split('/');
        var review = new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SubjectAccessReview",
            ["spec"] = new JsonObject { ["user"] = _user, ["resourceAttributes"] = new JsonObject { ["group"] = rule.Groups["group"].Value, ["resource"] = parts[0], ["subresource"] = parts.ElementAtOrDefault(1) ?? "", ["verb"] = rule.Groups["verb"].Value } },
        };
        var end = DateTime.UtcNow + TimeSpan.FromMinutes(1);
        while ((bool?)_api.Send(HttpMethod.Post, "/apis/authorization.k8s.io/v1/subjectaccessreviews", review.ToJsonString())["status"]!["allowed"] != true)
        {
            Assert.True(DateTime.UtcNow < end, $"the role does not count: {rule.Value}");
            Thread.Sleep(50);
        }
    }
}
