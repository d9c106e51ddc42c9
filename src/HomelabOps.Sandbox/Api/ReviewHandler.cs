using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Access;
using HomelabOps.Sandbox.Api.Http;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Api;

/// <summary>Kinds of which nothing is stored: questions about rights and identity, and what others measure.</summary>
internal sealed class ReviewHandler(ApiServices services)
{
    public async Task HandleAsync(ApiCall call, RequestTarget target, string verb)
    {
        if (target.Subresource is not null || !target.Kind.Verbs.Contains(verb, StringComparer.Ordinal))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        if (verb != "create")
        {
            await ReadAsync(call, target);
            return;
        }

        var node = ObjectBody.ParseObject(await call.ReadBodyAsync(), call.ContentType, target.Version, CallOptionsReader.Read(call, null, services.Context));
        var spec = Defaults.Part(node, "spec");
        if (target.Kind.Kind.EndsWith("AccessReview", StringComparison.Ordinal) && spec["resourceAttributes"] is null == spec["nonResourceAttributes"] is null)
        {
            throw ApiErrors.Invalid(target.Kind, "", [FieldError.Invalid("spec.resourceAttributes", spec["resourceAttributes"], "exactly one of nonResourceAttributes or resourceAttributes must be specified")]);
        }

        switch (target.Kind.Kind)
        {
            case "SelfSubjectAccessReview":
                node["status"] = Access(call.User, spec);
                break;
            case "SubjectAccessReview" or "LocalSubjectAccessReview":
                var groups = (spec["groups"] as JsonArray ?? []).Select(group => (string?)group ?? "").ToArray();
                node["status"] = Access(new ApiUser(Cells.Text(spec, "user"), [.. groups, .. ServiceAccountTokens.GroupsOf(Cells.Text(spec, "user")) ?? []]), spec);
                break;
            case "SelfSubjectRulesReview":
                node["status"] = Rules(call.User, Cells.Text(spec, "namespace"));
                break;
            case "SelfSubjectReview":
                node.Remove("spec");
                node["status"] = new JsonObject { ["userInfo"] = User(call.User) };
                break;
            case "TokenReview":
                var user = services.Tokens.Find(Cells.Text(spec, "token"));
                node["status"] = user is null ? new JsonObject { ["authenticated"] = false } : new JsonObject { ["authenticated"] = true, ["user"] = User(user) };
                break;
            case "Binding":
                await BindAsync(target, node, call);
                return;
        }

        Defaults.Part(node, "metadata")["creationTimestamp"] ??= null;
        await call.Response.SendAsync(node, 201);
    }

    private async Task BindAsync(RequestTarget target, JsonObject node, ApiCall call)
    {
        var (kind, version) = services.Context.Kinds.FindKind("v1", "Pod")!.Value;
        services.Writer.Update(
            kind,
            version,
            target.Key(Cells.Text(node, "metadata.name")),
            pod =>
            {
                pod["spec"]!["nodeName"] = Cells.Text(node, "target.name");
                Conditions.Set(Defaults.Part(pod, "status"), "PodScheduled", "True", services.Context.Now());
                return pod;
            },
            CallOptionsReader.Read(call, "binding", services.Context));
        await call.Response.SendAsync(ObjectResponses.Success(201), 201);
    }

    private JsonObject Access(ApiUser user, JsonObject spec)
    {
        var resource = spec["resourceAttributes"] as JsonObject;
        var path = spec["nonResourceAttributes"] as JsonObject;
        var access = resource is not null
            ? new AccessAttributes(Cells.Text(resource, "verb"), Cells.Text(resource, "group"), Cells.Text(resource, "resource"), Cells.Text(resource, "subresource"), Cells.Text(resource, "namespace"), Cells.Text(resource, "name"))
            : new AccessAttributes(Cells.Text(path, "verb"), "", "", null, null, null, Cells.Text(path, "path"));
        var because = services.Authorizer.Allows(user, access);
        var status = new JsonObject { ["allowed"] = because is not null };
        if (!string.IsNullOrEmpty(because))
        {
            status["reason"] = because;
        }

        return status;
    }

    private JsonObject Rules(ApiUser user, string @namespace)
    {
        var (resources, paths) = (new JsonArray(), new JsonArray());
        if (user.IsOwner)
        {
            resources.Add(new JsonObject { ["verbs"] = new JsonArray("*"), ["apiGroups"] = new JsonArray("*"), ["resources"] = new JsonArray("*") });
            paths.Add(new JsonObject { ["verbs"] = new JsonArray("*"), ["nonResourceURLs"] = new JsonArray("*") });
        }
        else
        {
            foreach (var (rule, _) in services.Authorizer.Rules(user, @namespace))
            {
                (rule["nonResourceURLs"] is null ? resources : paths).Add(rule.DeepClone());
            }
        }

        return new() { ["resourceRules"] = resources, ["nonResourceRules"] = paths, ["incomplete"] = false };
    }

    private static JsonObject User(ApiUser user)
    {
        var node = new JsonObject { ["username"] = user.Name, ["groups"] = new JsonArray([.. user.Groups.Select(group => JsonValue.Create(group))]) };
        if (user.Uid.Length > 0)
        {
            node["uid"] = user.Uid;
        }

        return node;
    }

    // What is measured: usage of nodes and pods.
    private async Task ReadAsync(ApiCall call, RequestTarget target)
    {
        var items = target.Kind.Group == "metrics.k8s.io" ? services.Nodes.Metrics(target.Kind.Kind == "NodeMetrics", target.Namespace) : [];
        if (target.Name is not null)
        {
            var found = items.FirstOrDefault(item => Cells.Text(item, "metadata.name") == target.Name) ?? throw ApiErrors.NotFound(target.Kind, target.Name);
            await call.Response.SendAsync(Typed(found, target));
            return;
        }

        var labels = Selecting.LabelSelector.Parse(call.Query["labelSelector"]);
        var selected = items.Where(item => labels.Matches([.. (item["metadata"]?["labels"] as JsonObject ?? []).Select(label => KeyValuePair.Create(label.Key, (string?)label.Value ?? ""))]));
        await call.Response.SendAsync(new JsonObject
        {
            ["kind"] = target.Kind.ListKind,
            ["apiVersion"] = target.Version.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = services.Context.Store.Revision.ToString(CultureInfo.InvariantCulture) },
            ["items"] = new JsonArray([.. selected.Select(item => Typed(item, target))]),
        });
    }

    private static JsonObject Typed(JsonObject item, RequestTarget target)
    {
        var node = new JsonObject { ["kind"] = target.Kind.Kind, ["apiVersion"] = target.Version.ApiVersion };
        foreach (var (name, value) in item)
        {
            node[name] = value?.DeepClone();
        }

        return node;
    }
}
