using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using YamlDotNet.RepresentationModel;

namespace Pipeline.Helm.Tests;

/// <summary>Rendered documents: Kubernetes' own kinds read strictly into their types, custom ones as they stand.</summary>
public sealed partial class Manifests
{
    private readonly List<IKubernetesObject<V1ObjectMeta>> _objects = [];
    private readonly List<YamlMappingNode> _customs = [];

    /// <exception cref="YamlDotNet.Core.YamlException">A field is unknown, given twice, or of another type.</exception>
    public Manifests(string yaml)
    {
        Text = yaml;
        foreach (var document in Separator().Split(yaml).Where(document => document.Contains("kind:", StringComparison.Ordinal)))
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(document));
            var root = (YamlMappingNode)stream.Documents.Single().RootNode;
            if (root["apiVersion"].ToString() is "keda.sh/v1alpha1" or "monitoring.coreos.com/v1")
            {
                _customs.Add(root);
            }
            else
            {
                _objects.Add((IKubernetesObject<V1ObjectMeta>)Assert.Single(KubernetesYaml.LoadAllFromString(document, strict: true)));
            }
        }
    }

    public string Text { get; }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects => _objects;

    public IReadOnlyList<YamlMappingNode> Customs => _customs;

    public V1Deployment Api => Get<V1Deployment>("api");

    public V1Deployment Worker => Get<V1Deployment>("worker");

    public V1Job SchemaJob => Get<V1Job>("schema");

    /// <summary>Every pod that the chart asks for, with its labels.</summary>
    public IEnumerable<V1PodTemplateSpec> Pods => All<V1Deployment>().Select(deployment => deployment.Spec.Template).Concat(All<V1Job>().Select(job => job.Spec.Template));

    public IEnumerable<V1Container> Containers => Pods.SelectMany(pod => pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []));

    public IEnumerable<T> All<T>() => _objects.OfType<T>();

    public T Get<T>(string suffix)
        where T : IKubernetesObject<V1ObjectMeta> => All<T>().Single(one => one.Metadata.Name == $"{HelmChart.Release}-dragonfly-pipeline-{suffix}");

    public YamlMappingNode Custom(string kind, string suffix = "") =>
        _customs.Single(one => one["kind"].ToString() == kind && one["metadata"]["name"].ToString().EndsWith(suffix, StringComparison.Ordinal));

    [GeneratedRegex("^---$", RegexOptions.Multiline)]
    private static partial Regex Separator();
}
