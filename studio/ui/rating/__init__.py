"""The rating screen: a person looks at generated candidates and keeps or rejects each, by keys."""
