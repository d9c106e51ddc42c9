using System.Text.Json.Serialization;

namespace HomelabOps.Core.Kubernetes.Wire;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PodWire))]
[JsonSerializable(typeof(NodeWire))]
[JsonSerializable(typeof(EventWire))]
[JsonSerializable(typeof(PartialObjectWire))]
[JsonSerializable(typeof(SummaryWire))]
[JsonSerializable(typeof(NodeMetricsWire))]
[JsonSerializable(typeof(PodMetricsWire))]
[JsonSerializable(typeof(StatusWire))]
[JsonSerializable(typeof(ListMetadataWire))]
[JsonSerializable(typeof(VersionWire))]
[JsonSerializable(typeof(ApiGroupListWire))]
[JsonSerializable(typeof(ApiResourceListWire))]
[JsonSerializable(typeof(AggregatedDiscoveryWire))]
internal sealed partial class WireContext : JsonSerializerContext;
