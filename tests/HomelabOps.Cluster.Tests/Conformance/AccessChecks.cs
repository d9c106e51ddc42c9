using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Who one is, and what one may do.</summary>
public abstract class AccessChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private const string Reviews = "/apis/authorization.k8s.io/v1";

    private string Local => $"{Rbac}/namespaces/{Server.Namespace}";

    [Fact]
    public void Who_is_not_known_gets_no_answer()
    {
        var answer = Get(ConfigMaps, null, ("Authorization", "Bearer nonsense"));
        answer.Fails(401, "Unauthorized", "Unauthorized");
        Assert.Equal("{}", answer["metadata"]);
    }

    [Fact]
    public void A_token_says_who_one_is()
    {
        var (name, token) = NewAccount();
        var claims = JsonNode.Parse(Convert.FromBase64String(Padded(token.Split('.')[1])))!;
        Assert.Equal($"system:serviceaccount:{Server.Namespace}:{name}", (string?)claims["sub"]);
        Assert.Equal(name, (string?)claims["kubernetes.io"]!["serviceaccount"]!["name"]);
        var review = Post("/apis/authentication.k8s.io/v1/tokenreviews", Object("authentication.k8s.io/v1", "TokenReview", "", $$""" "spec":{"token":"{{token}}"} """)).Created();
        Assert.Equal(("true", $"system:serviceaccount:{Server.Namespace}:{name}"), (review["status.authenticated"], review["status.user.username"]));
        Assert.Equal($$"""["system:serviceaccounts","system:serviceaccounts:{{Server.Namespace}}","system:authenticated"]""", review["status.user.groups"]);
    }

    [Fact]
    public void A_token_that_is_none_is_nobodys()
    {
        var review = Post("/apis/authentication.k8s.io/v1/tokenreviews", Object("authentication.k8s.io/v1", "TokenReview", "", """ "spec":{"token":"nonsense"} """)).Created();
        Assert.Equal((null, null), (review["status.authenticated"] == "true" ? "true" : null, review["status.user.username"]));
    }

    [Fact]
    public void A_token_has_its_time()
    {
        var (name, _) = NewAccount();
        var answer = Post($"{Core}/serviceaccounts/{name}/token", """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":1200} }""").Created();
        Assert.Equal(("TokenRequest", "authentication.k8s.io/v1", "1200"), (answer["kind"], answer["apiVersion"], answer["spec.expirationSeconds"]));
        Assert.InRange((DateTimeOffset.Parse(answer["status.expirationTimestamp"]!, System.Globalization.CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow).TotalSeconds, 1000, 1300);
    }

    [Fact]
    public void A_token_for_a_moment_is_invalid()
    {
        var (name, _) = NewAccount();
        Post($"{Core}/serviceaccounts/{name}/token", """{"spec":{"expirationSeconds":5} }""").Invalid(("spec.expirationSeconds", "FieldValueInvalid"));
    }

    [Fact]
    public void A_token_of_nobody_is_not_found() => Post(Core + "/serviceaccounts/none/token", """{"spec":{} }""").Fails(404, "NotFound", "serviceaccounts \"none\" not found");

    [Fact]
    public void Without_a_role_nothing_is_allowed()
    {
        var (name, token) = NewAccount();
        var answer = As(token, HttpMethod.Get, ConfigMaps).Fails(
            403, "Forbidden", $"configmaps is forbidden: User \"system:serviceaccount:{Server.Namespace}:{name}\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"{Server.Namespace}\"");
        Assert.Equal(("configmaps", null), (answer["details.kind"], answer["details.name"]));
    }

    [Fact]
    public void A_refusal_names_object_group_and_scope()
    {
        var (name, token) = NewAccount();
        var user = $"system:serviceaccount:{Server.Namespace}:{name}";
        As(token, HttpMethod.Get, Apps + "/deployments/x").Fails(
            403, "Forbidden", $"deployments.apps \"x\" is forbidden: User \"{user}\" cannot get resource \"deployments\" in API group \"apps\" in the namespace \"{Server.Namespace}\"");
        As(token, HttpMethod.Get, "/api/v1/nodes").Fails(403, "Forbidden", $"nodes is forbidden: User \"{user}\" cannot list resource \"nodes\" in API group \"\" at the cluster scope");
        As(token, HttpMethod.Delete, ConfigMaps + "/x").Fails(403, "Forbidden", $"configmaps \"x\" is forbidden: User \"{user}\" cannot delete resource \"configmaps\" in API group \"\" in the namespace \"{Server.Namespace}\"");
        As(token, HttpMethod.Get, Core + "/pods/x/log").Fails(403, "Forbidden", $"pods \"x\" is forbidden: User \"{user}\" cannot get resource \"pods/log\" in API group \"\" in the namespace \"{Server.Namespace}\"");
    }

    [Fact]
    public void A_role_allows_what_it_names()
    {
        var (name, token) = NewAccount();
        Bind(name, """{"apiGroups":[""],"resources":["configmaps"],"verbs":["get","list"]}""");
        Eventually(() => As(token, HttpMethod.Get, ConfigMaps), answer => answer.Status == 200);
        As(token, HttpMethod.Get, ConfigMaps + "/none").Fails(404, "NotFound");
        As(token, HttpMethod.Delete, ConfigMaps + "/none").Fails(403, "Forbidden");
        As(token, HttpMethod.Get, "/api/v1/configmaps").Fails(403, "Forbidden");
        As(token, HttpMethod.Get, Core + "/secrets").Fails(403, "Forbidden");
    }

    [Fact]
    public void A_role_may_be_for_some_names_only()
    {
        var (name, token) = NewAccount();
        Post(ConfigMaps, ConfigMap(name)).Created();
        Bind(name, $$"""{"apiGroups":[""],"resources":["configmaps"],"resourceNames":["{{name}}"],"verbs":["get"]}""");
        Eventually(() => As(token, HttpMethod.Get, $"{ConfigMaps}/{name}"), answer => answer.Status == 200);
        As(token, HttpMethod.Get, ConfigMaps + "/other").Fails(403, "Forbidden");
    }

    [Fact]
    public void A_part_of_an_object_is_a_right_of_its_own()
    {
        var (name, token) = NewAccount();
        Bind(name, """{"apiGroups":["apps"],"resources":["deployments/scale"],"verbs":["get"]}""");
        Eventually(() => As(token, HttpMethod.Get, Apps + "/deployments/none/scale"), answer => answer.Status == 404);
        As(token, HttpMethod.Get, Apps + "/deployments/none").Fails(403, "Forbidden");
    }

    [Fact]
    public void One_can_ask_what_one_may_do()
    {
        var own = Post(Reviews + "/selfsubjectaccessreviews", Review("SelfSubjectAccessReview", "delete", "nodes")).Created();
        Assert.Equal("true", own["status.allowed"]);
        var (name, token) = NewAccount();
        Bind(name, """{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}""");
        var allowed = Eventually(() => AskAs(token, "get", "pods"), answer => answer["status.allowed"] == "true");
        Assert.StartsWith($"RBAC: allowed by RoleBinding \"{name}/{Server.Namespace}\" of Role \"{name}\" to ServiceAccount \"{name}", allowed["status.reason"], StringComparison.Ordinal);
        Assert.Equal("false", AskAs(token, "delete", "pods")["status.allowed"]);
        Assert.Equal("false", AskAs(token, "get", "secrets")["status.allowed"]);
    }

    [Fact]
    public void One_can_ask_what_others_may_do()
    {
        var (name, _) = NewAccount();
        Bind(name, """{"apiGroups":["apps"],"resources":["*"],"verbs":["*"]}""");
        ApiAnswer Ask(string resource, string group) => Post(Reviews + "/subjectaccessreviews", Object(
            "authorization.k8s.io/v1", "SubjectAccessReview", "", $$""" "spec":{"user":"system:serviceaccount:{{Server.Namespace}}:{{name}}","resourceAttributes":{"namespace":"{{Server.Namespace}}","verb":"patch","resource":"{{resource}}","group":"{{group}}"} } """)).Created();
        Eventually(() => Ask("deployments", "apps"), answer => answer["status.allowed"] == "true");
        Assert.Equal("false", Ask("deployments", "")["status.allowed"]);
    }

    [Fact]
    public void A_question_must_be_about_something() =>
        Post(Reviews + "/selfsubjectaccessreviews", """{"spec":{} }""").Fails(422, "Invalid");

    [Fact]
    public void One_can_ask_for_ones_rules()
    {
        var answer = Post(Reviews + "/selfsubjectrulesreviews", $$"""{"spec":{"namespace":"{{Server.Namespace}}" } }""").Created();
        Assert.Contains(answer.At("status.resourceRules")!.AsArray(), rule => rule!["verbs"]!.ToJsonString() == """["*"]""" && rule["resources"]!.ToJsonString() == """["*"]""");
        Assert.Equal("false", answer["status.incomplete"]);
    }

    [Fact]
    public void One_can_act_as_another()
    {
        var answer = Get(ConfigMaps, null, ("Impersonate-User", "somebody"));
        answer.Fails(403, "Forbidden", $"configmaps is forbidden: User \"somebody\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"{Server.Namespace}\"");
        Get(ConfigMaps, null, ("Impersonate-User", "somebody"), ("Impersonate-Group", "system:masters")).Ok();
    }

    [Fact]
    public void The_role_of_a_binding_does_not_change()
    {
        var (name, _) = NewAccount();
        Bind(name, """{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}""");
        Patch($"{Local}/rolebindings/{name}", """{"roleRef":{"name":"other"} }""").Invalid(("roleRef", "FieldValueInvalid"));
    }

    [Fact]
    public void A_binding_completes_its_subjects()
    {
        var name = NewName("b");
        var answer = Post(Local + "/rolebindings", Object("rbac.authorization.k8s.io/v1", "RoleBinding", name, """ "roleRef":{"kind":"Role","name":"x","apiGroup":"rbac.authorization.k8s.io"},"subjects":[{"kind":"User","name":"u"},{"kind":"ServiceAccount","name":"s","namespace":"n"}] """)).Created();
        Assert.Equal(("rbac.authorization.k8s.io", null), (answer["subjects[0].apiGroup"], answer["subjects[1].apiGroup"]));
    }

    private static string Padded(string text) => text.Replace('-', '+').Replace('_', '/').PadRight((text.Length + 3) / 4 * 4, '=');

    private string Review(string kind, string verb, string resource) =>
        Object("authorization.k8s.io/v1", kind, "", $$""" "spec":{"resourceAttributes":{"namespace":"{{Server.Namespace}}","verb":"{{verb}}","resource":"{{resource}}"} } """);

    private ApiAnswer AskAs(string token, string verb, string resource) =>
        Post(Reviews + "/selfsubjectaccessreviews", Review("SelfSubjectAccessReview", verb, resource), "application/json", ("Authorization", "Bearer " + token)).Created();

    private ApiAnswer As(string token, HttpMethod method, string path) => Server.Call(new(method, path) { Headers = [("Authorization", "Bearer " + token)] });

    private (string Name, string Token) NewAccount()
    {
        var name = NewName("sa");
        Post(Core + "/serviceaccounts", Object("v1", "ServiceAccount", name)).Created();
        return (name, Post($"{Core}/serviceaccounts/{name}/token", """{"spec":{} }""").Created()["status.token"]!);
    }

    private void Bind(string account, string rule)
    {
        Post(Local + "/roles", Object("rbac.authorization.k8s.io/v1", "Role", account, $$""" "rules":[{{rule}}] """)).Created();
        Post(Local + "/rolebindings", Object("rbac.authorization.k8s.io/v1", "RoleBinding", account, $$""" "roleRef":{"kind":"Role","name":"{{account}}","apiGroup":"rbac.authorization.k8s.io"},"subjects":[{"kind":"ServiceAccount","name":"{{account}}","namespace":"{{Server.Namespace}}"}] """)).Created();
    }
}

/// <inheritdoc/>
public sealed class SandboxAccess(SandboxUnderTest server) : AccessChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabAccess(LabUnderTest server) : AccessChecks(server), IClassFixture<LabUnderTest>;
