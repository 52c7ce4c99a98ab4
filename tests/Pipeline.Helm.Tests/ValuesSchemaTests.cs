namespace Pipeline.Helm.Tests;

public sealed class ValuesSchemaTests(HelmChart chart)
{
    [Theory]
    [InlineData("", "database.host")]
    [InlineData("database: { host: db }\nmodel: { pvc: { claimName: m } }", "database.existingSecret")]
    [InlineData("database: { host: db, existingSecret: s }", "model.pvc.claimName")]
    [InlineData("database: { host: db, existingSecret: s }\nmodel: { source: s3, s3: { uri: \"s3://b/m\" } }", "model.s3.name")]
    [InlineData("database: { host: db, existingSecret: s }\nmodel: { source: nfs }", "model.source")]
    public void What_must_be_given_is_named(string values, string name) => Refuses(values, name);

    [Theory]
    [InlineData("wroker: { replicas: 3 }", "wroker")]
    [InlineData("worker: { replica: 3 }", "replica")]
    [InlineData("worker: { replicas: three }", "worker.replicas")]
    [InlineData("worker: { replicas: -1 }", "worker.replicas")]
    [InlineData("worker: { concurrentShards: 65 }", "worker.concurrentShards")]
    [InlineData("worker: { terminationGracePeriodSeconds: 5 }", "worker.terminationGracePeriodSeconds")]
    [InlineData("worker: { gpu: { count: -1 } }", "worker.gpu.count")]
    [InlineData("worker: { settings: { StagingFolder: [a] } }", "worker.settings.StagingFolder")]
    [InlineData("worker: { staging: { sizeLimit: much } }", "worker.staging.sizeLimit")]
    [InlineData("api: { image: { digest: latest } }", "api.image.digest")]
    [InlineData("api: { ingress: { enabled: true } }", "api.ingress.host")]
    [InlineData("database: { sslMode: on }", "database.sslMode")]
    [InlineData("database: { parameters: Password=hunter2 }", "database.parameters")]
    [InlineData("s3: { endpoint: \"https://key:secret@host\" }", "s3.endpoint")]
    [InlineData("s3: { endpoint: host }", "s3.endpoint")]
    public void A_wrong_value_is_named(string values, string name)
    {
        // Later keys of the same name would be an error of YAML, so the least values are merged by hand.
        var least = values.StartsWith("database", StringComparison.Ordinal)
            ? values.Replace("{ ", "{ host: db, existingSecret: s, ", StringComparison.Ordinal) + "\nmodel: { pvc: { claimName: m } }"
            : $"{SampleValues.Least}\n{values}";
        Refuses(least, name);
    }

    private void Refuses(string values, string name) =>
        Assert.Contains(name, Assert.Throws<InvalidOperationException>(() => chart.Render(values)).Message, StringComparison.Ordinal);
}
