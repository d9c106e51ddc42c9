using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Cluster.Tests.Conformance;

/// <summary>Lists in pages of one state, and what becomes of old ones.</summary>
public abstract class PagingChecks(ServerUnderTest server) : ConformanceChecks(server)
{
    private const int Count = 7;

    [Fact]
    public void A_limit_cuts_the_list()
    {
        var first = Page(NewSamples(), "limit=3");
        Assert.Equal(["n1", "n2", "n3"], first.Names());
        Assert.Equal("4", first["metadata.remainingItemCount"]);
        Assert.NotEmpty(first["metadata.continue"]!);
    }

    [Fact]
    public void A_token_goes_on_to_the_end()
    {
        var path = NewSamples();
        var names = new List<string>();
        string? token = null;
        do
        {
            var page = Page(path, "limit=3" + (token is null ? "" : "&continue=" + Uri.EscapeDataString(token)));
            names.AddRange(page.Names());
            token = page["metadata.continue"];
        }
        while (!string.IsNullOrEmpty(token));

        Assert.Equal(Enumerable.Range(1, Count).Select(number => $"n{number}"), names);
    }

    [Fact]
    public void All_pages_are_of_one_state()
    {
        var path = NewSamples();
        var first = Page(path, "limit=3");
        Delete(path + "/n5").Ok();
        Post(path, Lease("n4b")).Created();
        var second = Page(path, $"limit=9&continue={Token(first)}");
        Assert.Equal(["n4", "n5", "n6", "n7"], second.Names());
        Assert.Equal(first["metadata.resourceVersion"], second["metadata.resourceVersion"]);
    }

    [Fact]
    public void The_last_page_has_no_token()
    {
        var page = Page(NewSamples(), "limit=7");
        Assert.Equal(("", ""), (page["metadata.continue"] ?? "", page["metadata.remainingItemCount"] ?? ""));
    }

    [Fact]
    public void With_a_selector_nobody_counts_the_rest()
    {
        var page = Page(NewSamples(), "limit=1&labelSelector=even%3Dyes");
        Assert.Equal(["n2"], page.Names());
        Assert.Null(page["metadata.remainingItemCount"]);
        Assert.Equal(["n4"], Page(page.Request.Split(' ')[1].Split('?')[0], $"limit=1&labelSelector=even%3Dyes&continue={Token(page)}").Names());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("e30")]
    public void A_token_that_is_none_is_refused(string token) => Get($"{ConfigMaps}?limit=1&continue={token}").Fails(400, "BadRequest");

    [Fact]
    public void A_token_and_a_revision_do_not_go_together()
    {
        var path = NewSamples();
        var token = Token(Page(path, "limit=1"));
        Get($"{path}?limit=1&continue={token}&resourceVersion=5").Fails(400, "BadRequest", "specifying resource version is not allowed when using continue");
    }

    [Fact]
    public void An_old_token_expires_and_offers_another_one()
    {
        var path = NewSamples();
        var old = Aged(Page(path, "limit=3")["metadata.continue"]!);
        Server.ForgetRevisions(path);
        var answer = Get($"{path}?limit=3&continue={old}").Fails(
            410,
            "Expired",
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.");
        var next = Get($"{path}?limit=9&continue={Token(answer)}").Ok();
        Assert.Equal(["n4", "n5", "n6", "n7"], next.Names());
    }

    [Fact]
    public void An_old_revision_cannot_be_listed()
    {
        var path = NewSamples();
        Server.ForgetRevisions(path);
        Get($"{path}?resourceVersion=1&resourceVersionMatch=Exact").Fails(410, "Expired");
        Get($"{path}?resourceVersion=1&limit=1").Fails(410, "Expired");
    }

    [Fact]
    public void An_exact_revision_is_listed_as_it_was()
    {
        var path = NewSamples();
        var revision = Get(path)["metadata.resourceVersion"];
        Delete(path + "/n1").Ok();
        var answer = Get($"{path}?resourceVersion={revision}&resourceVersionMatch=Exact").Ok();
        Assert.Equal((Count, revision), (answer.Names().Length, answer["metadata.resourceVersion"]));
        Assert.Equal(Count - 1, Get($"{path}?resourceVersion={revision}&resourceVersionMatch=NotOlderThan").Ok().Names().Length);
    }

    [Theory]
    [InlineData("resourceVersionMatch=Exact", "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("resourceVersion=0&resourceVersionMatch=Exact", "resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")]
    [InlineData("resourceVersion=1&resourceVersionMatch=Roughly", "resourceVersionMatch: Unsupported value: \"Roughly\": supported values: \"Exact\", \"NotOlderThan\", \"\"")]
    public void A_match_must_make_sense(string query, string why)
    {
        var answer = Get($"{ConfigMaps}?{query}").Fails(422, "Invalid");
        Assert.Equal("ListOptions.meta.k8s.io \"\" is invalid: " + why, answer["message"]);
    }

    [Fact]
    public void A_revision_to_come_is_too_large()
    {
        var answer = Get($"{ConfigMaps}?resourceVersion=9000000000&resourceVersionMatch=NotOlderThan").Fails(504, "Timeout");
        Assert.StartsWith("Timeout: Too large resource version: 9000000000, current: ", answer["message"], StringComparison.Ordinal);
        Assert.Equal(("ResourceVersionTooLarge", "Too large resource version", "1"), (answer["details.causes[0].reason"], answer["details.causes[0].message"], answer["details.retryAfterSeconds"]));
    }

    private static string Token(ApiAnswer page) => Uri.EscapeDataString(page["metadata.continue"]!);

    // The same place in a list of the first revision, which is forgotten sooner.
    private static string Aged(string token)
    {
        var text = token.Replace('-', '+').Replace('_', '/');
        var node = JsonNode.Parse(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')))!;
        node["rv"] = 1;
        return Uri.EscapeDataString(Convert.ToBase64String(Encoding.UTF8.GetBytes(node.ToJsonString())).TrimEnd('=').Replace('+', '-').Replace('/', '_'));
    }

    private static string Lease(string name, string metadata = "") => Object("coordination.k8s.io/v1", "Lease", name, """ "spec":{"holderIdentity":"x"} """, metadata);

    private ApiAnswer Page(string path, string query) => Get($"{path}?{query}").Ok();

    // Leases, since each namespace has a config map and a secret by itself.
    private string NewSamples()
    {
        var path = $"/apis/coordination.k8s.io/v1/namespaces/{Server.NewNamespace()}/leases";
        for (var number = 1; number <= Count; number++)
        {
            Post(path, Lease($"n{number}", number % 2 == 0 ? """ "labels":{"even":"yes"} """ : "")).Created();
        }

        return path;
    }
}

/// <inheritdoc/>
public sealed class SandboxPaging(SandboxUnderTest server) : PagingChecks(server), IClassFixture<SandboxUnderTest>;

/// <inheritdoc/>
public sealed class LabPaging(LabUnderTest server) : PagingChecks(server), IClassFixture<LabUnderTest>;
