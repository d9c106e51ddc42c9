using System.Text;
using HomelabOps.Core.GitOps.Editing;

namespace HomelabOps.Core.Tests.GitOps.Editing;

/// <summary>Edits as a person would make them, letter by letter.</summary>
public sealed class YamlFileTests
{
    private const string Deployment = """
        # The one and only.
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: sonarr   # not radarr
        spec:
          replicas: 1

          template:
            spec:
              containers:
                # main
                - name: sonarr
                  image: linuxserver/sonarr:4.0.16 # {"$imagepolicy": "flux-system:sonarr"}
                  env:
                    - name: TZ
                      value: "UTC"
                  readinessProbe:
                    httpGet: { path: /ping, port: 8989 }
              volumes: []

        """;

    [Theory]
    [InlineData("a: 1 # why\n", "a: 2 # why\n")]
    [InlineData("a: 1\r\nb: x\r\n", "a: 2\r\nb: x\r\n")]
    [InlineData("\uFEFFa: 1", "\uFEFFa: 2")]
    [InlineData("b: {c: [1, 2], a: x}\na: 1", "b: {c: [1, 2], a: x}\na: 2")]
    [InlineData("a:\nb: x\n", "a: 2\nb: x\n")]
    [InlineData("a: # why\nb: x\n", "a: 2 # why\nb: x\n")]
    [InlineData("{a: 1, b: 2}", "{a: 2, b: 2}")]
    [InlineData("a: \"1\"\n", "a: 2\n")]
    [InlineData("a: &one 1\n", "a: &one 2\n")]
    [InlineData("\"a\" : 1\n", "\"a\" : 2\n")]
    public void Numbers_are_set(string before, string after) => Assert.Equal(after, Edit(before, file => file.Set(0, YamlPath.Of("a"), YamlValue.Number(2))));

    [Theory]
    [InlineData("a: x\n", "new", "a: new\n")]
    [InlineData("a: 'x' # c\n", "it's", "a: 'it''s' # c\n")]
    [InlineData("a: \"x\"\n", "say \"hi\"", "a: \"say \\\"hi\\\"\"\n")]
    [InlineData("a: x\n", "1.10", "a: \"1.10\"\n")]
    [InlineData("a: x\nb: 'y'\n", "1.10", "a: '1.10'\nb: 'y'\n")]
    [InlineData("a: x\n", "yes", "a: \"yes\"\n")]
    [InlineData("a: x\n", "2024-01-01", "a: \"2024-01-01\"\n")]
    [InlineData("a: x\n", "0123", "a: \"0123\"\n")]
    [InlineData("a: x\n", "1e3", "a: \"1e3\"\n")]
    [InlineData("a: x\n", "", "a: \"\"\n")]
    [InlineData("a: x\n", "k: v", "a: \"k: v\"\n")]
    [InlineData("a: x\n", "v #1", "a: \"v #1\"\n")]
    [InlineData("a: x\n", "${TAG:=1.2}", "a: ${TAG:=1.2}\n")]
    [InlineData("a: [x, y]\n", "z", null)]
    [InlineData("a: ${TAG:=1.0}\n", "r@sha256:ab", "a: r@sha256:ab\n")]
    [InlineData("a: |\n  one\n  two\n# c\nb: x\n", "three\n  four\n", "a: |\n  three\n    four\n# c\nb: x\n")]
    [InlineData("a: |- # c\n    one\n\nb: x\n", "two", "a: |- # c\n    two\n\nb: x\n")]
    [InlineData("a: |\n  one\n", "two", "a: |-\n  two\n")]
    [InlineData("a: >-\n  one\n  two\nb: x\n", "three\nfour", "a: >-\n  three\n\n  four\nb: x\n")]
    [InlineData("a: |+\n  one\n\n\nb: x\n", "two\n", "a: |\n  two\nb: x\n")]
    [InlineData("a: one\n  two\nb: x\n", "three", "a: three\nb: x\n")]
    [InlineData("a: |\n  one\n", " two\n", "a: |2\n   two\n")]
    [InlineData("a: |\r\n  one\r\n  two\r\nb: x\r\n", "three\nfour\n", "a: |\r\n  three\r\n  four\r\nb: x\r\n")]
    public void Text_keeps_its_style_and_its_type(string before, string value, string? after)
    {
        if (after is null)
        {
            Refused("Detail_EditCollection", before, file => file.Set(0, YamlPath.Of("a"), YamlValue.Text(value)));
            return;
        }

        Assert.Equal(after, Edit(before, file => file.Set(0, YamlPath.Of("a"), YamlValue.Text(value))));
    }

    [Fact]
    public void An_image_is_set_beside_its_marker() => Assert.Equal(
        Deployment.Replace("sonarr:4.0.16", "sonarr:4.0.17@sha256:0a", StringComparison.Ordinal),
        Edit(Deployment, file => file.Set(0, YamlPath.Of("spec", "template", "spec", "containers", 0, "image"), YamlValue.Text("linuxserver/sonarr:4.0.17@sha256:0a"))));

    [Fact]
    public void Resources_are_added_between_env_and_probes() => Assert.Equal(
        Deployment.Replace("          readinessProbe:", "          resources:\n            limits:\n              memory: 1Gi\n          readinessProbe:", StringComparison.Ordinal),
        Edit(Deployment, file => file.Add(0, YamlPath.Of("spec", "template", "spec", "containers", 0, "resources", "limits", "memory"), YamlValue.Text("1Gi"))));

    [Fact]
    public void A_node_selector_comes_before_the_containers() => Assert.Equal(
        Deployment.Replace("      containers:", "      nodeSelector:\n        role: backup\n      containers:", StringComparison.Ordinal),
        Edit(Deployment, file => file.Add(0, YamlPath.Of("spec", "template", "spec", "nodeSelector", "role"), YamlValue.Text("backup"))));

    [Fact]
    public void An_empty_list_becomes_one_of_lines() => Assert.Equal(
        Deployment.Replace("volumes: []", "volumes:\n        - name: data\n          emptyDir: {}", StringComparison.Ordinal),
        Edit(Deployment, file => file.Add(0, YamlPath.Of("spec", "template", "spec", "volumes", -1), YamlValue.Mapping(KeyValuePair.Create("name", YamlValue.Text("data")), KeyValuePair.Create("emptyDir", YamlValue.Mapping())))));

    [Theory]
    [InlineData("resources:\n  - b.yaml\n  - d.yaml # last\n  - f.yaml\n", "c.yaml", "resources:\n  - b.yaml\n  - c.yaml\n  - d.yaml # last\n  - f.yaml\n")]
    [InlineData("resources:\n  - b.yaml\n  - d.yaml\n  - f.yaml\n", "a.yaml", "resources:\n  - a.yaml\n  - b.yaml\n  - d.yaml\n  - f.yaml\n")]
    [InlineData("resources:\n- z.yaml\n- a.yaml # why\n\n# end\n", "c.yaml", "resources:\n- z.yaml\n- a.yaml # why\n- c.yaml\n\n# end\n")]
    [InlineData("resources:\n- z.yaml\n- a.yaml", "c.yaml", "resources:\n- z.yaml\n- a.yaml\n- c.yaml")]
    [InlineData("resources: [z.yaml, a.yaml]\n", "c.yaml", "resources: [z.yaml, a.yaml, c.yaml]\n")]
    [InlineData("resources: [] # none\nb: x\n", "c.yaml", "resources: # none\n  - c.yaml\nb: x\n")]
    [InlineData("kind: Kustomization\n", "c.yaml", "kind: Kustomization\nresources:\n  - c.yaml\n")]
    [InlineData("resources:\nb: x\n", "c.yaml", "resources:\n  - c.yaml\nb: x\n")]
    [InlineData("resources: [\n  z.yaml,\n  a.yaml\n]\n", "c.yaml", "resources: [\n  z.yaml,\n  a.yaml,\n  c.yaml\n]\n")]
    public void Items_are_added_where_they_fit(string before, string item, string after) =>
        Assert.Equal(after, Edit(before, file => file.Add(0, YamlPath.Of("resources", -1), YamlValue.Text(item))));

    [Theory]
    [InlineData("a: 1\nb: 2 # gone\nc: 3\n", "a: 1\nc: 3\n")]
    [InlineData("a: 1\nb:\n  x: 1\n  y: 2\n# stays\nc: 3\n", "a: 1\n# stays\nc: 3\n")]
    [InlineData("a: 1\nb: 2", "a: 1")]
    [InlineData("a: 1\r\nb: 2", "a: 1")]
    [InlineData("{a: 1, b: 2, c: 3}\n", "{a: 1, c: 3}\n")]
    [InlineData("{a: 1, b: 2}\n", "{a: 1}\n")]
    [InlineData("a: 1\nb: |\n  x\n\nc: 3\n", "a: 1\n\nc: 3\n")]
    public void Keys_are_taken_away(string before, string after) => Assert.Equal(after, Edit(before, file => file.Remove(0, YamlPath.Of("b"))));

    [Theory]
    [InlineData("l:\n  - a: 1\n    b: 2\n", "a", "l:\n  - b: 2\n")]
    [InlineData("l:\n  - a: 1\n    # about b\n    b: 2\n", "a", "l:\n  - \n    # about b\n    b: 2\n")]
    [InlineData("l:\n  - a: 1\n    b: 2\n", "b", "l:\n  - a: 1\n")]
    [InlineData("l:\n  - a: 1\n", "a", "l:\n  - {}\n")]
    public void Keys_of_items_are_taken_away(string before, string key, string after) => Assert.Equal(after, Edit(before, file => file.Remove(0, YamlPath.Of("l", 0, key))));

    [Theory]
    [InlineData("l:\n  - a\n  - b # x\n  - c\n", 1, "l:\n  - a\n  - c\n")]
    [InlineData("l:\n  # only\n  - a\nm: 1\n", 0, "l: []\n  # only\nm: 1\n")]
    [InlineData("l: # c\n- a\n", 0, "l: [] # c\n")]
    [InlineData("l: [a]\n", 0, "l: []\n")]
    public void Items_are_taken_away(string before, int index, string after) => Assert.Equal(after, Edit(before, file => file.Remove(0, YamlPath.Of("l", index))));

    [Theory]
    [InlineData("l: [a, # x\n  b]\n", 0, "l: [b]\n")]
    [InlineData("l: [a, # x\n  b]\n", 1, "l: [a # x\n  ]\n")]
    [InlineData("l: [\n  a, # x\n  b, # y\n  c # z\n]\n", 1, "l: [\n  a, # x\n  c # z\n]\n")]
    [InlineData("l: [\n  a, # x\n  b, # y\n  c # z\n]\n", 2, "l: [\n  a, # x\n  b # y\n]\n")]
    [InlineData("l: [\n  a, # x\n  b, # y\n]\n", 1, "l: [\n  a, # x\n]\n")]
    [InlineData("l: [\n  a,\n  # about b\n  b,\n  c\n]\n", 0, "l: [\n  # about b\n  b,\n  c\n]\n")]
    [InlineData("l: [\r\n  a,\r\n  # about b\r\n  b,\r\n  # - c\r\n]\r\n", 1, "l: [\r\n  a,\r\n  # about b\r\n  # - c\r\n]\r\n")]
    [InlineData("l: [a, b, # x\n  c]\n", 1, "l: [a, # x\n  c]\n")]
    [InlineData("l: [\n  a, b # x\n]\n", 1, "l: [\n  a # x\n]\n")]
    [InlineData("l: [\n  a # x\n  , b\n]\n", 0, "l: [\n  b\n]\n")]
    [InlineData("l: [\n  a # x\n]\n", 0, "l: [\n]\n")]
    [InlineData("l: [a,]\n", 0, "l: []\n")]
    [InlineData("l: [a, # 'x, y'\n  \"b # c\", d]\n", 2, "l: [a, # 'x, y'\n  \"b # c\"]\n")]
    [InlineData("l:\n  - a: 1\n    # b: 2\n  # - c\n  - d\n", 0, "l:\n  # - c\n  - d\n")]
    [InlineData("l:\n  - a\n    # ?\n  - b\n", 0, "l:\n    # ?\n  - b\n")]
    [InlineData("l:\n  - a\n  - b: 1\n    # c: 2\n\n  # - d\nm: 1\n", 1, "l:\n  - a\n\n  # - d\nm: 1\n")]
    [InlineData("l:\n  - a\n  - b\n  # - c\nm: 1\n", 1, "l:\n  - a\n  # - c\nm: 1\n")]
    public void What_goes_takes_its_own_comments_only(string before, int index, string after) => Assert.Equal(after, Edit(before, file => file.Remove(0, YamlPath.Of("l", index))));

    [Theory]
    [InlineData("l: [c, # x\n  d, e]\n", "l: [b,\n    c, # x\n  d, e]\n")]
    [InlineData("l: [a, # x\n  c, d]\n", "l: [a, # x\n  b,\n  c, d]\n")]
    [InlineData("l: [a, # x\n  aa # y\n]\n", "l: [a, # x\n  aa, # y\n  b\n]\n")]
    [InlineData("l: [\r\n  a, # x\r\n  aa, # y\r\n]\r\n", "l: [\r\n  a, # x\r\n  aa, # y\r\n  b,\r\n]\r\n")]
    [InlineData("l: [\n  a,\n  # about c\n  c,\n  d\n]\n", "l: [\n  a,\n  b,\n  # about c\n  c,\n  d\n]\n")]
    [InlineData("l: [\n  a,\n  aa\n  # c\n]\n", "l: [\n  a,\n  aa,\n  # c\n  b\n]\n")]
    [InlineData("l: [\n  a # x\n  , c, d\n]\n", "l: [\n  a # x\n  , b, c, d\n]\n")]
    [InlineData("l: [a # x\n]\n", "l: [a, # x\n    b\n]\n")]
    [InlineData("l:\n  - a\n    # aa\n  # - bb\n  - c\n  - d\n", "l:\n  - a\n    # aa\n  - b\n  # - bb\n  - c\n  - d\n")]
    [InlineData("l:\n  - a\n  # - aa\n\n  # - bb\nm: 1\n", "l:\n  - a\n  # - aa\n\n  # - bb\n  - b\nm: 1\n")]
    [InlineData("l:\n- a\n# about m\nm: 1\n", "l:\n- a\n- b\n# about m\nm: 1\n")]
    [InlineData("l:\n- a: 1\n  # b: 2", "l:\n- a: 1\n  # b: 2\n- b")]
    [InlineData("l:\n  - |\n    # text\n  # - c\n", "l:\n  - |\n    # text\n  # - c\n  - b\n")]
    public void What_comes_leaves_comments_where_they_belong(string before, string after) => Assert.Equal(after, Edit(before, file => file.Add(0, YamlPath.Of("l", -1), YamlValue.Text("b"))));

    [Theory]
    [InlineData("m: {a: 1, # x\n  b: 2}\n", "m: {a: 1, # x\n  b: 2,\n    new: v}\n", "m: {b: 2}\n")]
    [InlineData("m:\n  a: 1 # x\n  # b: 2\nn: 1\n", "m:\n  a: 1 # x\n  # b: 2\n  new: v\nn: 1\n", "m: {}\n  # b: 2\nn: 1\n")]
    [InlineData("m:\n  a:\n    x: 1\n    # y: 2\n  b: 2\n", "m:\n  a:\n    x: 1\n    # y: 2\n  b: 2\n  new: v\n", "m:\n  b: 2\n")]
    public void Keys_come_and_go_without_the_comments_of_others(string before, string added, string removed)
    {
        Assert.Equal(added, Edit(before, file => file.Add(0, YamlPath.Of("m", "new"), YamlValue.Text("v"))));
        Assert.Equal(removed, Edit(before, file => file.Remove(0, YamlPath.Of("m", "a"))));
    }

    [Fact]
    public void An_anchored_value_is_changed_only_with_all_its_places()
    {
        const string text = "x: &limits {memory: 1Gi}\na: *limits\nb:\n  <<: *limits\n  cpu: 1\n";
        var shared = Assert.Throws<HomelabException>(() => Edit(text, file => file.Set(0, YamlPath.Of("a", "memory"), YamlValue.Text("2Gi"))));
        Assert.Equal("ManifestValueShared", shared.Id);
        Assert.Contains("x.memory, a.memory, b.memory", shared.Message, StringComparison.Ordinal);
        Assert.Equal(text.Replace("1Gi", "2Gi", StringComparison.Ordinal), Edit(text, file => file.Set(0, YamlPath.Of("a", "memory"), YamlValue.Text("2Gi"), force: true)));
    }

    [Fact]
    public void What_is_not_there_or_there_already_is_refused()
    {
        Refused("Detail_EditAbsent", "a: 1\n", file => file.Set(0, YamlPath.Of("b"), YamlValue.Number(1)));
        Refused("Detail_EditAbsent", "a: 1\n", file => file.Remove(0, YamlPath.Of("b")));
        Refused("Detail_EditPresent", "a: 1\n", file => file.Add(0, YamlPath.Of("a"), YamlValue.Number(1)));
        Refused("Detail_EditScalar", "a: 1\n", file => file.Add(0, YamlPath.Of("a", "b"), YamlValue.Number(1)));
        Refused("Detail_EditKind", "a: [1]\n", file => file.Add(0, YamlPath.Of("a", "b"), YamlValue.Number(1)));
        Refused("Detail_EditAnchored", "a: &x 1\nb: &x 2\nc: *x\n", file => file.Remove(0, YamlPath.Of("b")));
        Refused("Detail_EditMerged", "x: &x {b: 1}\na:\n  <<: *x\n  c: 1\n", file => file.Remove(0, YamlPath.Of("a", "b")));
    }

    [Fact]
    public void Files_that_are_not_ours_to_edit_are_refused()
    {
        Refused("Detail_EditSops", "a: ENC[AES256_GCM,data:x]\nsops:\n  mac: x\n", file => file);
        Refused("Detail_EditBinary", "a: \0\n", file => file);
        var windows = Assert.Throws<HomelabException>(() => YamlFile.Read("a.yaml", [.. "a: 1\nb: caf"u8, 0xE9, .. "\n"u8]));
        Assert.Equal(("ManifestEditRefused", "Detail_EditEncoding", 2L), (windows.Id, windows.Place!.Key, windows.Place.Line));
        Assert.Equal("ManifestInvalid", Assert.Throws<HomelabException>(() => Edit("a: [\n", file => file)).Id);
    }

    private static void Refused(string reason, string text, Func<YamlFile, YamlFile> edit)
    {
        var error = Assert.Throws<HomelabException>(() => Edit(text, edit));
        Assert.Equal(("ManifestEditRefused", reason), (error.Id, error.Place!.Key));
    }

    private static string Edit(string text, Func<YamlFile, YamlFile> edit) => Encoding.UTF8.GetString(edit(YamlFile.Read("a.yaml", Encoding.UTF8.GetBytes(text))).ToBytes());
}
